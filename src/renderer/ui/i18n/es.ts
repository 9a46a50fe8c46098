// Every Spanish word on the screen, in the plain Spanish of a kitchen.
import type { Strings } from './en.ts'

export const es: Strings = {
  brand: 'Heard',
  phase: {
    disconnected: 'Sin conexión',
    asleep: 'Listo',
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
    not_connected: 'Sin conexión. Lo intento ahora: pregunta otra vez en un momento.',
    no_microphone: 'No hay micrófono. Puedes escribir tu pregunta.',
    started_over: 'Se perdió lo que dijiste. Empieza tu pregunta desde el principio.',
    interrupted: 'Se interrumpió. Haz tu pregunta otra vez.',
    latched: 'Puedes soltar. Toca una vez para enviar tu pregunta.',
    recording: 'Sigue hablando. Pregunto en cuanto haya conexión.',
    pedal_taps: 'Este pedal no se puede mantener. Elige «Tocar» en los ajustes, en Hablar.'
  },
  notice: {
    settings_restored:
      'No se pudo leer el archivo de ajustes y se guardó aparte. Se usan los últimos ajustes buenos.',
    no_pin:
      'No hay PIN: cualquiera puede cambiar los ajustes y cerrar el kiosco. Ponlo en Ajustes, Kiosco.',
    settings_set_aside:
      'No se pudo leer el archivo de ajustes y se guardó aparte. Revisa los ajustes.',
    no_keyring: 'Esta computadora no tiene llavero: la sesión se cierra cuando se cierra el kiosco.'
  },
  failure: {
    locked: { sentence: 'Esto necesita el PIN del kiosco.', action: 'Entendido' },
    wrong_pin: { sentence: 'Ese no es el PIN.', action: 'Entendido' },
    pin_rate_limited: {
      sentence: 'Demasiados PIN equivocados. Espera un poco.',
      action: 'Entendido'
    },
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
    section_not_found: {
      sentence: 'Esta sección ya no está en el manual.',
      action: 'Entendido'
    },
    no_offline_copy: {
      sentence: 'Todavía no hay copia del manual en este kiosco.',
      action: 'Intentar otra vez'
    },
    no_call: {
      sentence: 'No pude conectarme para hacer tu pregunta. Todavía la tengo.',
      action: 'Preguntar otra vez'
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
  status: {
    asleep: 'Presiona o toca para despertar',
    kept: 'Presiona ya: tu pregunta se guarda',
    waits: 'Tu pregunta está guardada',
    webrtc: 'Conexión directa',
    websocket: 'Más lento: la red no deja pasar UDP'
  },
  talk: {
    hold: 'Mantén para hablar',
    tap: 'Toca para hablar',
    let_go: 'Suelta para enviar',
    tap_to_send: 'Toca para enviar',
    interrupt: 'Mantén para interrumpir',
    tap_to_interrupt: 'Toca para interrumpir',
    just_talk: 'Solo habla',
    hears: 'Te oigo',
    stop: 'Toca para callar',
    listen_again: 'Toca y te escucho',
    wake: 'Toca para despertar',
    wait: 'Espera un momento',
    no_microphone: 'Sin micrófono',
    key_hold: 'o mantén {{key}}',
    key_tap: 'o toca {{key}}',
    pedal: 'el pedal',
    nothing_sent: 'Nada se envía si no presionas',
    nothing_sent_tap: 'Nada se envía hasta que toques',
    microphone_on: 'Micrófono encendido',
    nothing_sent_now: 'Nada se envía por ahora'
  },
  conversation: {
    welcome: 'Pregunta al manual',
    welcome_detail: 'Mantén el botón, haz tu pregunta y suelta.',
    welcome_tap: 'Toca el botón, haz tu pregunta y toca otra vez.',
    welcome_hands_free: 'Solo haz tu pregunta en voz alta.',
    welcome_typed: 'Escribe tu pregunta abajo.',
    you_asked: 'Preguntaste',
    listening: 'Te escucho…',
    searching: 'Lo estoy buscando…',
    answer: 'Del manual',
    nearest: 'Lo más cercano en el manual',
    unverified_figure: 'no está en la sección: verifícalo',
    misquoted: 'cita no encontrada',
    check_with_manager: 'Consúltalo con un gerente',
    answering: 'Respuesta',
    not_found: 'No está en el manual',
    failed: 'No viene del manual',
    cancelled: 'Detenida',
    offline: 'De la copia en este kiosco',
    offline_silent: 'De la copia en este kiosco; sin voz',
    section: 'Sección',
    only_in_en: 'en inglés',
    only_in_es: 'en español'
  },
  reader: { close: 'Cerrar', opening: 'Abriendo…' },
  rating: {
    question: '¿Te sirvió?',
    up: 'Sí, sirvió',
    down: 'No sirvió',
    given: {
      sending: 'Enviando…',
      sent: 'Gracias.',
      kept: 'Gracias. Se envía cuando vuelva la red.',
      refused: 'No se pudo contar.'
    }
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
  maintenance: {
    title: 'PIN',
    enter: 'Escribe el PIN de este kiosco',
    choose: 'Elige un PIN de 4 a 12 cifras',
    repeat: 'Escríbelo otra vez',
    differs: 'No eran iguales. Elige el PIN otra vez.',
    wrong: 'Ese no es el PIN.',
    paused: 'Demasiados PIN equivocados. Intenta en {{minutes}} min.',
    failed: 'No funcionó. Intenta otra vez.',
    digits_one: '{{count}} cifra escrita',
    digits_other: '{{count}} cifras escritas',
    erase: 'Borrar',
    cancel: 'Cancelar',
    confirm: 'OK',
    set_pin: 'Poner un PIN',
    change_pin: 'Cambiar el PIN',
    pin_name: 'PIN para ajustes y cerrar',
    pin_set: 'Puesto',
    pin_not_set: 'No hay: cualquiera puede cambiar los ajustes',
    how_to_open:
      'Con PIN, los ajustes se abren así: toca cuatro veces el nombre de arriba a la izquierda y luego mantenlo tres segundos. La tecla Escape o el pedal hacen lo mismo.',
    restart: 'Reiniciar kiosco',
    exit: 'Cerrar kiosco',
    pedal_hint: 'Pedal: pisa para avanzar, mantén para elegir.'
  },
  settings: {
    open: 'Ajustes',
    title: 'Ajustes',
    close: 'Cerrar',
    tab: { sound: 'Sonido', talking: 'Hablar', call: 'Llamada', kiosk: 'Kiosco' },
    microphone: 'Micrófono',
    speaker: 'Bocina',
    default_device: 'El del sistema',
    missing_device: '{{label}} (desconectado)',
    level: 'Nivel',
    test_microphone: 'Di algo',
    testing_microphone: 'Habla ahora…',
    verdict: {
      heard: 'Te oigo bien.',
      too_quiet: 'Te oigo, pero muy bajo. Acércate o sube el micrófono.',
      silent: 'No oí nada. Revisa el cable y el botón de silencio, o elige otro.'
    },
    peak: 'Lo más fuerte: {{db}} dB',
    test_speaker: 'Tocar un tono',
    testing_speaker: 'Sonando…',
    processing: 'Limpiar el micrófono',
    echo_cancellation: 'Quitar eco',
    echo_hands_free: 'Siempre encendido en manos libres.',
    noise_suppression: 'Quitar ruido',
    auto_gain_control: 'Igualar volumen',
    noise_title: 'Filtro de ruido en el servicio de voz',
    noise: {
      near: { name: 'Cerca', sentence: 'Para una diadema o un micrófono junto a la boca.' },
      far: { name: 'Lejos', sentence: 'Para un micrófono en el kiosco o en el cuarto.' },
      off: { name: 'Apagado', sentence: 'Para un micrófono que ya filtra el ruido.' }
    },
    bindings: 'Teclas y pedales',
    no_bindings: 'Ninguno. El botón de la pantalla siempre funciona.',
    pedal_button: '{{label}}, botón {{button}}',
    unplugged: 'desconectado',
    remove: 'Quitar',
    remove_binding: 'Quitar {{name}}',
    add_binding: 'Agregar tecla o pedal',
    choose_pedal: 'Elegir un pedal',
    choose_pedal_detail: 'Para pedales que no son teclados, como los de dictado.',
    talk_mode_title: 'Cómo hablar',
    talk_mode: {
      hold: { name: 'Mantener', sentence: 'Mantén y habla; suelta para enviar.' },
      hold_and_latch: {
        name: 'Mantener o tocar dos veces',
        sentence: 'Mantén como siempre. Dos toques rápidos siguen escuchando; otro toque envía.'
      },
      tap: {
        name: 'Tocar',
        sentence: 'Toca para empezar, toca para enviar. Para pedales que no se pueden mantener.'
      }
    },
    tail: 'Seguir escuchando al soltar',
    tail_value: '{{ms}} ms',
    hands_free: 'Manos libres',
    hands_free_detail: 'Siempre escucha, y contesta cuando dejas de hablar.',
    hands_free_warning:
      'Hay una tecla o un pedal, que es más seguro: manos libres también oye la cocina.',
    idle_title: 'Colgar cuando nadie pregunta',
    idle_detail: 'Después de este tiempo sin preguntas. La próxima vez llama de nuevo.',
    minutes: '{{n}} min',
    never: 'Nunca',
    hours_title: 'Cuándo estar conectado',
    hours_off: { name: 'Al tocar', sentence: 'El primer toque del día conecta.' },
    hours_on: {
      name: 'Horario',
      sentence: 'Conectado todo el tiempo entre estas horas.'
    },
    hours_from: 'Desde',
    hours_to: 'Hasta',
    earlier: 'Antes',
    later: 'Después',
    hours_overnight: 'Pasa de la medianoche: hasta el día siguiente.',
    hours_whole_day: 'Día y noche.',
    restaurant: 'Restaurante',
    account: 'Sesión de',
    sign_out: 'Cerrar sesión',
    version: 'Versión {{version}}'
  },
  learn: {
    title: 'Agregar una tecla o un pedal',
    waiting: 'Presiona ahora la tecla o el pedal.',
    again: 'Presiona otra vez y mantén.',
    refused: {
      modifier: '{{key}} es parte de otros atajos. Presiona otra tecla u otro pedal.',
      lock: '{{key}} se queda encendida al soltarla. Presiona otra tecla u otro pedal.',
      enter: '{{key}} presiona botones y envía texto. Presiona otra tecla u otro pedal.',
      tab: '{{key}} pasa de botón en botón. Presiona otra tecla u otro pedal.',
      escape: '{{key}} cierra ventanas. Presiona otra tecla u otro pedal.',
      unknown: 'Esta tecla no dice cuál es. Presiona otra tecla u otro pedal.',
      taken: '{{key}} ya está en la lista. Presiona otra tecla u otro pedal.',
      too_many: 'La lista está llena. Quita primero una tecla o un pedal.'
    },
    pressed: 'Déjalo presionado un momento y suéltalo.',
    learned: '{{name}} ya funciona.',
    types: 'Ya no escribe letras. Es mejor una tecla sin letra, como F19.',
    sends_taps:
      'Se suelta solo, así que no se puede mantener. Úsalo con «Tocar» o prográmalo como una sola tecla.',
    use_tap: 'Usar «Tocar»',
    cancel: 'Cancelar (Esc)',
    done: 'Listo'
  },
  key: {
    space: 'Espacio',
    numpad: 'Num {{key}}',
    backspace: 'Retroceso',
    delete: 'Supr',
    insert: 'Insert',
    home: 'Inicio',
    end: 'Fin',
    page_up: 'Re Pág',
    page_down: 'Av Pág',
    menu: 'Menú',
    pause: 'Pausa',
    print: 'Impr Pant',
    enter: 'Entrar',
    tab: 'Tab',
    escape: 'Esc',
    shift: 'Mayús',
    control: 'Ctrl',
    alt: 'Alt',
    system: 'Tecla Windows',
    caps_lock: 'Bloq Mayús',
    num_lock: 'Bloq Num',
    scroll_lock: 'Bloq Despl'
  },
  latency: {
    open: '¿Qué tan rápido?',
    title: 'Qué tan rápido llegan las respuestas',
    empty: 'Todavía no hay preguntas. Pregunta algo y aquí estarán los tiempos.',
    loading: 'Leyendo…',
    turns: 'Turnos',
    answered: 'Contestados',
    not_found: 'No en el manual',
    failed_turns: 'Fallidos',
    asked_again: 'Repetidos',
    path: { all: 'Todos', webrtc: 'Directa', websocket: 'Más lenta (sin UDP)' },
    measured: 'Medidos',
    measured_value: '{{n}} de {{of}}',
    p50: 'La mitad en',
    p95: 'El 95 % en',
    ms: '{{ms}} ms',
    none: '–',
    metric: {
      press_to_gate: 'Presionar → micrófono abierto',
      press_to_packet: 'Presionar → sonido enviado',
      release_to_commit: 'Soltar → enviada, sin espera',
      commit_to_committed: 'Enviada → confirmada',
      search: 'Búsqueda en el manual',
      release_to_audible: 'Soltar → se oye la respuesta',
      whole_turn: 'Turno completo'
    },
    last: 'Soltar → se oye la respuesta, últimas {{n}}, de vieja a nueva. La más lenta: {{ms}} ms.'
  },
  dismiss: 'Entendido'
}
