// Where a session outlives the process: the operating system's keyring, or nowhere.

export type VaultContent =
  | { kind: 'empty' }
  | { kind: 'kept'; text: string }
  /** Something is there and cannot be decrypted: another user's, another machine's, a lost key. */
  | { kind: 'unreadable'; reason: string }

export type Vault = {
  /** False without a keyring that protects: then nothing is read or written, and nothing is kept in clear. */
  available(): Promise<boolean>
  read(): Promise<VaultContent>
  /** @throws when it cannot be encrypted or written */
  write(text: string): Promise<void>
  clear(): Promise<void>
  /** Moves what is there out of the way under a dated name and returns that name. */
  setAside(): Promise<string>
}

/** A shell without a keyring: the account keeps its session in memory and says so. */
export const noVault: Vault = {
  available: async () => false,
  read: async () => ({ kind: 'empty' }),
  write: async () => {},
  clear: async () => {},
  setAside: async () => ''
}
