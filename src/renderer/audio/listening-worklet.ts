// Loads a worklet that listens to one channel and plays nothing.

type ListeningWorklet<Report> = {
  /** Prefix of its log events. */
  name: string
  moduleUrl: string
  processor: string
  onReport: (report: Report) => void
  log: (event: string, message: string) => void
}

/** Resolves with null, after a log line, when the module cannot be loaded. */
export const loadListeningWorklet = async <Report>(
  context: AudioContext,
  { name, moduleUrl, processor, onReport, log }: ListeningWorklet<Report>
): Promise<AudioWorkletNode | null> => {
  try {
    await context.audioWorklet.addModule(moduleUrl)
  } catch (error) {
    log(`${name}.unavailable`, `The worklet could not be loaded: ${String(error)}`)
    return null
  }
  // A closed context makes no nodes.
  if (context.state === 'closed') return null
  const node = new AudioWorkletNode(context, processor, {
    channelCount: 1,
    channelCountMode: 'explicit'
  })
  node.port.onmessage = ({ data }: MessageEvent<Report>) => onReport(data)
  node.onprocessorerror = () => log(`${name}.failed`, 'The worklet has failed.')
  // Silent: Web Audio renders only what is connected to a destination.
  node.connect(context.destination)
  return node
}
