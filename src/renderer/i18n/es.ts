// Every Spanish word on the screen, in the plain Spanish of a kitchen.
import type { Strings } from './en.ts'

export const es: Strings = {
  brand: 'Heard',
  phase: {
    disconnected: 'Sin conexión',
    connecting: 'Conectando',
    connected: 'Listo',
    listening: 'Escuchando',
    processing: 'Buscando',
    speaking: 'Contestando'
  },
  phase_without_microphone: 'Solo escrito',
  hint: {
    too_short: 'Muy corto. Mantén presionado mientras hablas.',
    held_too_long: 'Es la pregunta más larga que puedo oír. La estoy buscando.',
    hold_ends_soon: 'Quedan 10 segundos. Termina tu pregunta.',
    nothing_heard: 'No oí nada. Mantén presionado y pregunta otra vez.',
    not_connected: 'Todavía sin conexión. Lo intento ahora.',
    no_microphone: 'No hay micrófono. Puedes escribir tu pregunta.'
  },
  notice: {
    settings_set_aside:
      'No se pudo leer el archivo de ajustes y se guardó aparte. Revisa los ajustes.',
    no_keyring: 'Esta computadora no tiene llavero: la sesión se cierra cuando se cierra el kiosco.'
  },
  failure: {
    bad_request: { sentence: 'El kiosco cometió un error.', action: 'Reiniciar' },
    forbidden_sender: {
      sentence: 'Esta ventana no puede usar el kiosco.',
      action: 'Reiniciar'
    },
    not_signed_in: { sentence: 'El kiosco no tiene sesión.', action: 'Iniciar sesión' },
    wrong_credentials: {
      sentence: 'El correo o la contraseña no son correctos.',
      action: 'Entendido'
    },
    not_a_member: {
      sentence: 'Esta cuenta no tiene restaurante. Pide a tu gerente que la agregue.',
      action: 'Otra cuenta'
    },
    voice_disabled: {
      sentence: 'La voz está apagada para esta cuenta. Pregunta a tu gerente.',
      action: 'Revisar otra vez'
    },
    ai_disabled: {
      sentence: 'El asistente está apagado para esta cuenta. Pregunta a tu gerente.',
      action: 'Revisar otra vez'
    },
    limit_exceeded: {
      sentence: 'Se acabaron las preguntas de hoy. Pregunta a tu gerente.',
      action: 'Revisar otra vez'
    },
    backend_unreachable: { sentence: 'No puedo llegar al manual.', action: 'Intentar otra vez' },
    backend_failed: {
      sentence: 'El servicio del manual tiene un problema.',
      action: 'Intentar otra vez'
    },
    search_timeout: {
      sentence: 'El manual tardó demasiado.',
      action: 'Preguntar otra vez'
    },
    model_unreachable: {
      sentence: 'No puedo llegar al servicio de voz.',
      action: 'Intentar otra vez'
    },
    model_refused: {
      sentence: 'El servicio de voz rechazó la llamada.',
      action: 'Intentar otra vez'
    },
    model_busy: {
      sentence: 'El servicio de voz está ocupado. Lo intento pronto otra vez.',
      action: 'Intentar ahora'
    },
    key_refused: {
      sentence: 'El servicio de voz no dejó entrar al kiosco.',
      action: 'Intentar otra vez'
    },
    internal: { sentence: 'Algo falló dentro del kiosco.', action: 'Reiniciar' },
    microphone_missing: {
      sentence: 'No hay micrófono. Conecta uno o escribe tu pregunta.',
      action: 'Buscar otra vez'
    },
    microphone_denied: {
      sentence:
        'El micrófono no está permitido. Permítelo en los ajustes del sistema o escribe tu pregunta.',
      action: 'Intentar otra vez'
    },
    microphone_in_use: {
      sentence: 'Otro programa usa el micrófono. Ciérralo o escribe tu pregunta.',
      action: 'Intentar otra vez'
    },
    speaker_failed: {
      sentence: 'La bocina elegida no funciona. La respuesta está en la pantalla.',
      action: 'Elegir bocina'
    },
    call_timeout: { sentence: 'La red no deja pasar la llamada.', action: 'Intentar otra vez' },
    call_dropped: { sentence: 'Se cortó la llamada. Llamo otra vez.', action: 'Llamar ahora' },
    answer_failed: {
      sentence: 'Eso no funcionó. Pregunta otra vez.',
      action: 'Preguntar otra vez'
    },
    offline: { sentence: 'No hay red.', action: 'Intentar otra vez' },
    bridge_lost: { sentence: 'El programa del kiosco se detuvo.', action: 'Reiniciar' }
  },
  talk: {
    hold: 'Mantén para hablar',
    let_go: 'Suelta para enviar',
    interrupt: 'Mantén para interrumpir',
    unavailable: 'Espera un momento',
    no_microphone: 'Sin micrófono',
    key: 'o mantén {{key}}',
    microphone_off: 'Micrófono apagado si no presionas',
    microphone_on: 'Micrófono encendido'
  },
  conversation: {
    welcome: 'Pregunta al manual',
    welcome_detail: 'Mantén el botón, haz tu pregunta y suelta.',
    welcome_typed: 'Escribe tu pregunta abajo.',
    you_asked: 'Preguntaste',
    listening: 'Te escucho…',
    searching: 'Lo estoy buscando…',
    answer: 'Del manual',
    answering: 'Respuesta',
    not_found: 'No está en el manual',
    failed: 'No viene del manual',
    cancelled: 'Detenida',
    section: 'Sección',
    only_in_en: 'en inglés',
    only_in_es: 'en español'
  },
  question: {
    label: 'Escribe una pregunta',
    placeholder: 'O escribe tu pregunta',
    send: 'Preguntar'
  },
  language: { label: 'Idioma', en: 'English', es: 'Español' },
  volume: 'Volumen',
  sign_in: {
    title: 'Inicia sesión en este kiosco',
    detail: 'Usa la cuenta del kiosco, no la tuya.',
    email: 'Correo',
    password: 'Contraseña',
    submit: 'Iniciar sesión',
    under_way: 'Entrando…'
  },
  restoring: 'Iniciando…',
  settings: {
    open: 'Ajustes',
    title: 'Ajustes',
    close: 'Cerrar',
    microphone: 'Micrófono',
    speaker: 'Bocina',
    default_device: 'El del sistema',
    missing_device: '{{label}} (desconectado)',
    tail: 'Seguir escuchando al soltar',
    tail_value: '{{ms}} ms',
    talk_key: 'Tecla o pedal',
    restaurant: 'Restaurante',
    account: 'Sesión de',
    sign_out: 'Cerrar sesión',
    version: 'Versión {{version}}'
  },
  dismiss: 'Entendido'
}
