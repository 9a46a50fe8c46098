// The form that POST /v1/realtime/calls takes, byte for byte: two parts with their types and without file names, as
// the `openai` package sends it. (FormData gives every part that has a type a file name.)

export type Part = { name: string; type: string; text: string }
export type Multipart = { contentType: string; body: Uint8Array<ArrayBuffer> }

/** @param boundary must be in none of the texts */
export const multipart = (
  parts: readonly Part[],
  boundary = `heard-${crypto.randomUUID()}`
): Multipart => {
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
