// Text as large as its box allows: nobody scrolls with wet hands.
import { type RefObject, useLayoutEffect } from 'react'

/** From the largest; the names are sizes in the style sheet. */
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
