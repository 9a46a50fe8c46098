// Makes certificates of an authority of our own, and lets Chromium on Linux trust it in a folder of its own.
import { execFile } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto as Crypto)

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000

export type Certificate = { cert: string; key: string }

export type PrivateAuthority = {
  name: string
  /** PEM. */
  cert: string
  /** @param days from and to, counted from now */
  issue(host: string, days?: readonly [from: number, to: number]): Promise<Certificate>
}

const newKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

const validity = ([from, to]: readonly [number, number]) => ({
  notBefore: new Date(Date.now() + from * DAY_MS),
  notAfter: new Date(Date.now() + to * DAY_MS)
})

export const createPrivateAuthority = async (name: string): Promise<PrivateAuthority> => {
  const keys = await newKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...validity([-2_000, 100]),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)
    ]
  })
  return {
    name,
    cert: root.toString('pem'),
    issue: async (host, days = [-1, 90]) => {
      const { publicKey, privateKey } = await newKeys()
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: root.subject,
        ...validity(days),
        publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
          new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1'])
        ]
      })
      const key = await webcrypto.subtle.exportKey('pkcs8', privateKey)
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(key, 'PRIVATE KEY')
      }
    }
  }
}

/**
 * Makes `home` the home folder of a person whose Chromium trusts the authority (the shared NSS database of Linux).
 * @param certutil the program of Debian's libnss3-tools
 */
export const trustInHome = async (
  home: string,
  { cert, name }: PrivateAuthority,
  certutil: string
): Promise<void> => {
  const folder = join(home, '.pki', 'nssdb')
  await mkdir(folder, { recursive: true })
  const file = join(home, 'authority.pem')
  await writeFile(file, cert)
  const run = promisify(execFile)
  await run(certutil, ['-N', '--empty-password', '-d', `sql:${folder}`])
  await run(certutil, ['-A', '-d', `sql:${folder}`, '-n', name, '-t', 'C,,', '-i', file])
}
