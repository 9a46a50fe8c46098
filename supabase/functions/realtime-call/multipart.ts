// Writes the form of POST /v1/realtime/calls as the `openai` package sends it: typed parts without file names. FormData
// gives every typed part a file name.

type Part = { name: string; type: string; text: string }

export const multipart = (
  parts: readonly Part[]
): { contentType: string; body: Uint8Array<ArrayBuffer> } => {
  const boundary = `heard-${crypto.randomUUID()}`
  const text = parts
    .map(
      ({ name, type, text }) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`
    )
    .join('')
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: new TextEncoder().encode(`${text}--${boundary}--\r\n`)
  }
}
