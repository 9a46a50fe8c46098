// Names the caution topics of a new sample brand: its sections about injuries and dangerous substances in other
// categories.

/** The default of `organisations.caution_topics`. */
const GENERAL = ['allergens', 'illness', 'injury', 'chemicals']

const OF_SAMPLE_BRAND: Readonly<Record<string, readonly string[]>> = {
  'harbor-and-rye': ['burns', 'choking', 'cuts-and-bandages', 'slips-and-falls', 'vomit-cleanup'],
  // The lime burns skin and eyes.
  'sol-y-sal': ['nixtamal']
}

/** Undefined for other brands, which get the database's default. */
export const sampleCautionTopics = (brandSlug: string): string[] | undefined => {
  const own = OF_SAMPLE_BRAND[brandSlug]
  return own === undefined ? undefined : [...GENERAL, ...own]
}
