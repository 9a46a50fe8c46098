// Reads the text of a PDF with pdf.js and names pages without text.
import { getDocumentProxy } from 'unpdf'
import { type ReadDocument, type Remark, refused } from './document-blocks.ts'
import { buildPdfBlocks } from './pdf-blocks.ts'
import { groupIntoRows, splitColumns } from './pdf-rows.ts'
import { removeRunningHeaders } from './pdf-running-headers.ts'
import { joinTextItems, type TextItem, type TextRun } from './pdf-text-runs.ts'
import { withoutControls } from './plain-text.ts'

const PAGE_LIMIT = 2_000
/** Text that is turned further is a stamp or a watermark. */
const TILT_RATIO = 0.2
/** Adobe's readers look for the header in this many bytes. */
const HEADER_WITHIN_BYTES = 1_024

const isPdf = (bytes: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(bytes.subarray(0, HEADER_WITHIN_BYTES)).includes('%PDF-')

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>
type Page = Awaited<ReturnType<Pdf['getPage']>>

const itemsOf = async (page: Page): Promise<TextItem[]> => {
  const { items } = await page.getTextContent()
  return items.flatMap((item): TextItem[] => {
    if (!('str' in item)) return []
    const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform.map(Number)
    if (Math.abs(b) > TILT_RATIO * Math.abs(a)) return []
    const text = withoutControls(item.str)
    return [{ text, x, y, width: item.width, sizePt: Math.hypot(c, d), font: item.fontName }]
  })
}

const openingProblem = (error: unknown): string =>
  error instanceof Error && error.name === 'PasswordException'
    ? 'has a password; save it without one'
    : 'is damaged; print or export it as a PDF again'

/** "2 to 4 and 7". */
const pageList = (pages: readonly number[]): string => {
  const runs: [number, number][] = []
  for (const page of pages) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === page - 1) last[1] = page
    else runs.push([page, page])
  }
  const words = runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`))
  const end = words.pop() ?? ''
  return words.length === 0 ? end : `${words.join(', ')} and ${end}`
}

const pagesRemark = (pages: readonly number[], message: string): Remark[] => {
  const [page] = pages
  if (page === undefined) return []
  const label = pages.length === 1 ? 'page' : 'pages'
  return [{ page, line: null, message: `${message} (${label} ${pageList(pages)})` }]
}

export const readPdf = async (
  bytes: Uint8Array,
  onPage: (page: number, pages: number) => void = () => {}
): Promise<ReadDocument> => {
  if (!isPdf(bytes)) return refused('is not a PDF, whatever its name says')
  let pdf: Pdf
  try {
    // pdf.js takes ownership of the bytes, and takes no Buffer.
    pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, stopAtErrors: false })
  } catch (error) {
    return refused(openingProblem(error))
  }
  try {
    if (pdf.numPages > PAGE_LIMIT) {
      return refused(`has ${pdf.numPages} pages; at most ${PAGE_LIMIT} are read from one file`)
    }
    const pages: TextRun[][] = []
    const empty: number[] = []
    const broken: number[] = []
    for (let number = 1; number <= pdf.numPages; number += 1) {
      onPage(number, pdf.numPages)
      try {
        const page = await pdf.getPage(number)
        const runs = joinTextItems(await itemsOf(page))
        if (runs.length === 0) empty.push(number)
        pages.push(runs)
        page.cleanup()
      } catch {
        broken.push(number)
        pages.push([])
      }
    }
    if (pages.every((runs) => runs.length === 0)) {
      return refused(
        'has no text: its pages are pictures, as a scanner makes them; let a program read them (OCR) first'
      )
    }
    const rows = removeRunningHeaders(pages).map((runs, at) =>
      splitColumns(groupIntoRows(runs, at + 1))
    )
    return {
      ok: true,
      blocks: buildPdfBlocks(rows),
      remarks: [
        ...pagesRemark(empty, 'has no text: blank, or a picture of text'),
        ...pagesRemark(broken, 'could not be read: the file is damaged there')
      ]
    }
  } finally {
    await pdf.loadingTask.destroy()
  }
}
