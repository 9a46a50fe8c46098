// Fits text into its box at the largest size: wet hands do not scroll.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

/** From the largest; the style sheet has the sizes. */
const SIZES = ['huge', 'large', 'medium', 'small', 'tiny'] as const
type Size = (typeof SIZES)[number]
const [LARGEST] = SIZES

/** Sets `data-size` to the largest size, from this one on, at which the text does not overflow; returns it. */
const resize = (box: HTMLElement, from: Size): Size => {
  for (const size of SIZES.slice(SIZES.indexOf(from))) {
    box.dataset.size = size
    if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return size
  }
  return 'tiny'
}

/**
 * Sets `data-size` on the element to the largest size at which `text` does not overflow it. Text that grows begins at its
 * size so far: an answer comes word by word, and each size that is tried is a layout.
 */
export const useFitText = (element: RefObject<HTMLElement | null>, text: string): void => {
  const fitted = useRef<{ text: string; size: Size }>({ text: '', size: LARGEST })
  useLayoutEffect(() => {
    const box = element.current
    if (box === null) return
    const { text: before, size } = fitted.current
    const isGrowing = before !== '' && text.startsWith(before)
    fitted.current = { text, size: resize(box, isGrowing ? size : LARGEST) }
  }, [element, text])
  useEffect(() => {
    const box = element.current
    if (box === null) return
    const observer = new ResizeObserver(() => {
      fitted.current.size = resize(box, LARGEST)
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [element])
}
