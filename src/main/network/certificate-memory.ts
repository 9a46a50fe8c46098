// Remembers how Chromium judged each host's certificate. The WebSocket of Node then trusts the same private authorities,
// and a refusal can name the issuer.

/** The part of Electron's `Certificate` that is used. */
type Certificate = {
  /** PEM. */
  data: string
  issuerName: string
  /** In seconds. */
  validStart: number
  validExpiry: number
  /** Absent for a root. */
  issuerCert?: Certificate
}

/** The part of the request of Electron's `setCertificateVerifyProc` that is used. */
export type VerifiedCertificate = {
  hostname: string
  certificate: Certificate
  validatedCertificate: Certificate
  isIssuedByKnownRoot: boolean
  errorCode: number
}

export type CertificateMemory = {
  /** Returns Chromium's own verdict. */
  remember(judged: VerifiedCertificate): number
  /**
   * PEM texts of a private authority that Chromium trusts for this host; empty for a public one. null: no certificate of
   * this host was accepted yet.
   */
  authorities(host: string): readonly string[] | null
  refused(host: string): { issuer: string; validFromMs: number; validToMs: number } | null
}

/** Electron: "Uses the verification result from Chromium". */
const USE_CHROMIUMS_RESULT = -3
/** A certificate, two intermediates and a root are the usual chain; a longer one is a loop. */
const CHAIN_LIMIT = 10

export const createCertificateMemory = (): CertificateMemory => {
  const judgements = new Map<string, VerifiedCertificate>()
  return {
    remember: (judged) => {
      judgements.set(judged.hostname, judged)
      return USE_CHROMIUMS_RESULT
    },
    authorities: (host) => {
      const judged = judgements.get(host)
      if (judged === undefined || judged.errorCode !== 0) return null
      return judged.isIssuedByKnownRoot ? [] : issuersOf(judged.validatedCertificate)
    },
    refused: (host) => {
      const judged = judgements.get(host)
      if (judged === undefined || judged.errorCode === 0) return null
      const { issuerName, validStart, validExpiry } = judged.certificate
      return {
        issuer: issuerName,
        validFromMs: validStart * 1_000,
        validToMs: validExpiry * 1_000
      }
    }
  }
}

const issuersOf = (certificate: Certificate): string[] => {
  const chain: string[] = []
  let next = certificate.issuerCert
  while (next !== undefined && next !== null && chain.length < CHAIN_LIMIT) {
    chain.push(next.data)
    if (next.issuerCert === next) break
    next = next.issuerCert
  }
  // A certificate that is trusted itself.
  return chain.length === 0 ? [certificate.data] : chain
}
