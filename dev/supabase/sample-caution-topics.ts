// Names the caution topics that a sample brand is made with: the sections about injuries and dangerous substances that
// stand in other categories.

/** As `organisations.caution_topics` has them without a value. */
const GENERAL = ['allergens', 'illness', 'injury', 'chemicals']

const OF_SAMPLE_BRAND: Readonly<Record<string, readonly string[]>> = {
  'harbor-and-rye': ['burns', 'choking', 'cuts-and-bandages', 'slips-and-falls', 'vomit-cleanup'],
  // The lime burns skin and eyes.
  'sol-y-sal': ['nixtamal']
}

/** Undefined for other brands: they begin with the database's default. */
export const sampleCautionTopics = (brandSlug: string): string[] | undefined => {
  const own = OF_SAMPLE_BRAND[brandSlug]
  return own === undefined ? undefined : [...GENERAL, ...own]
}
