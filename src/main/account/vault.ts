// A store for the session that outlives the process: the operating system's keyring, where there is one.

export type VaultContent =
  | { kind: 'empty' }
  | { kind: 'stored'; text: string }
  /** It cannot be decrypted: another user, another machine, or a lost key. */
  | { kind: 'unreadable'; reason: string }

export type Vault = {
  /** False without a keyring that protects. Then nothing is read, and nothing is written in the clear. */
  available(): Promise<boolean>
  read(): Promise<VaultContent>
  /** @throws when it cannot be encrypted or written */
  write(text: string): Promise<void>
  clear(): Promise<void>
  /** Renames the content to a dated name and returns that name. */
  setAside(): Promise<string>
}

/** For a shell without a keyring: the session stays in memory. */
export const noVault: Vault = {
  available: async () => false,
  read: async () => ({ kind: 'empty' }),
  write: async () => {},
  clear: async () => {},
  setAside: async () => ''
}
