// placeholder
export const embed = (_text: string, dimensions: number): Float32Array =>
  new Float32Array(dimensions)
