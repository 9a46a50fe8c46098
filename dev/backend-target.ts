// Chooses a command's backend: the hosted project of the environment, or a local stack for the time of the command.
import { hostedTarget, type KioskTarget } from './kiosk-environment.ts'
import { type ModelTimesOption, openStack } from './local-stack.ts'
import { say } from './run-command.ts'

/** @param modelTimes of the local model; undefined: its own */
export const withTarget = async <T>(
  modelTimes: ModelTimesOption | undefined,
  work: (target: KioskTarget) => Promise<T>
): Promise<T> => {
  const hosted = hostedTarget(process.env)
  if (hosted !== null) return work(hosted)
  const stack = await openStack(modelTimes === undefined ? {} : { model: { times: modelTimes } })
  try {
    say(`Supabase is at ${stack.supabaseUrl}, the model at ${stack.openaiUrl}.`)
    if (stack.recogniser === 'none')
      say('The model recognises no speech here (pocketsphinx is missing).')
    if (stack.voice === 'none') say('The model speaks no answers here (espeak-ng is missing).')
    return await work({ kind: 'local', stack, account: stack.accounts[0] ?? null })
  } finally {
    await stack.close()
  }
}
