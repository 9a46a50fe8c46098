// Fits text into its box at the largest size: wet hands do not scroll.
import { type RefObject, useLayoutEffect } from 'react'

/** From the largest; the style sheet has the sizes. */
const SIZES = ['huge', 'large', 'medium', 'small', 'tiny'] as const

/** Sets `data-size` on the element to the largest size at which `text` does not overflow it. */
export const useFitText = (element: RefObject<HTMLElement | null>, text: string): void => {
  useLayoutEffect(() => {
    const box = element.current
    if (box === null) return
    const resize = () => {
      for (const size of SIZES) {
        box.dataset.size = size
        if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return
      }
    }
    resize()
    if (text === '') return
    const observer = new ResizeObserver(resize)
    observer.observe(box)
    return () => observer.disconnect()
  }, [element, text])
}
