// Lists kitchen words that the CMU dictionary lacks, in its format. The second entry of each is espeak-ng's pronunciation.
export const KITCHEN_PRONUNCIATIONS = `
birria B IH R IY AH
birria(2) B ER IY AH
celiac S IY L IY AE K
celiac(2) S EH L IY AE K
consome K AA N S AH M EY
consome(2) K AH N S OW M EY
`
