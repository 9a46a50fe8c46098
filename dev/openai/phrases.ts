// Holds the answerer's own phrases. The Spanish ones use tú, as the screen and the instructions do.
import type { AnswerLanguage } from './model-view.ts'

const ENGLISH = {
  searching: 'One moment, I am looking it up.',
  greeting: 'Hello. Ask me anything about the handbook.',
  thanks: 'You are welcome.',
  notFound: 'That is not in the handbook. Please ask a manager.',
  failed: 'I could not reach the handbook. Please try again, or ask a manager.',
  unclear: 'I did not catch that. Please say it again.',
  noRecogniser: 'I cannot hear on this machine. Please type your question.',
  otherLanguage: 'The handbook has this only in Spanish:',
  caution: 'Check with a manager first.',
  noTool: 'I can only answer from the handbook, and I have no way to search it.',
  nothingAsked: 'What would you like to know?'
}

export type Phrase = keyof typeof ENGLISH

export const PHRASES: Record<AnswerLanguage, Record<Phrase, string>> = {
  en: ENGLISH,
  es: {
    searching: 'Un momento, lo estoy buscando.',
    greeting: 'Hola. Pregúntame lo que quieras sobre el manual.',
    thanks: 'De nada.',
    notFound: 'Eso no está en el manual. Por favor, pregúntale a un encargado.',
    failed: 'No pude consultar el manual. Inténtalo de nuevo o pregúntale a un encargado.',
    unclear: 'No te entendí. Por favor, repite la pregunta.',
    noRecogniser: 'En esta máquina no puedo oír. Por favor, escribe tu pregunta.',
    otherLanguage: 'El manual lo tiene solo en inglés:',
    caution: 'Confírmalo antes con un encargado.',
    noTool: 'Solo puedo contestar con el manual y no tengo cómo consultarlo.',
    nothingAsked: '¿Qué quieres saber?'
  }
}
