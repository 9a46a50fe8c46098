// Stores the offline copies: one private file per restaurant, in a folder per account.
import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createPrivateFile, type PrivateFile } from '../private-file.ts'
import {
  type OfflineHandbook,
  offlineSectionSchema,
  offlineTermSchema
} from './offline-handbook.ts'

const fileSchema = z.strictObject({
  version: z.literal(1),
  groupId: z.uuid(),
  sections: z.array(offlineSectionSchema),
  terms: z.array(offlineTermSchema)
})

export type OfflineCopyOwner = { email: string; groupId: string }

export type OfflineFiles = {
  /** null for an absent or an unreadable file; an unreadable file is set aside and logged. */
  read(owner: OfflineCopyOwner): Promise<OfflineHandbook | null>
  /** @throws when it cannot be written */
  write(owner: OfflineCopyOwner, handbook: OfflineHandbook): Promise<void>
  /** Removes the copies of other accounts and of other restaurants. @throws when it cannot */
  keepOnly(email: string, groupIds: readonly string[]): Promise<void>
  /** Removes every copy, and every file that was set aside. @throws when it cannot */
  removeAll(): Promise<void>
}

/** @param folder holds the copies only: `removeAll` removes every file in it */
export const createOfflineFiles = (folder: string, clock: Clock, log: Log): OfflineFiles => {
  const fileOf = ({ email, groupId }: OfflineCopyOwner): PrivateFile =>
    createPrivateFile(join(folder, accountName(email), `${groupId}.json`), clock)

  return {
    read: async (owner) => {
      const file = fileOf(owner)
      const content = await file.read()
      if (content.kind === 'absent') return null
      const parsed = content.kind === 'read' ? fileSchema.safeParse(content.value) : null
      if (parsed?.success === true && parsed.data.groupId === owner.groupId) {
        const { sections, terms } = parsed.data
        return { sections, terms }
      }
      const reason =
        content.kind === 'unreadable' ? content.reason : 'it is not a copy of this handbook'
      log.warn('handbook.copySetAside', { reason, file: await file.setAside() })
      return null
    },
    write: (owner, { sections, terms }) =>
      fileOf(owner).write({
        version: 1,
        groupId: owner.groupId,
        sections: [...sections],
        terms: [...terms]
      } satisfies z.infer<typeof fileSchema>),
    keepOnly: async (email, groupIds) => {
      const own = accountName(email)
      for (const name of await namesIn(folder)) {
        if (name !== own) await rm(join(folder, name), { recursive: true, force: true })
      }
      // A list that could not be read is empty as well, so an empty list removes nothing.
      if (groupIds.length === 0) return
      for (const name of await namesIn(join(folder, own))) {
        if (!groupIds.some((groupId) => name.startsWith(`${groupId}.`))) {
          await rm(join(folder, own, name), { force: true })
        }
      }
    },
    removeAll: () => rm(folder, { recursive: true, force: true })
  }
}

/** A hash: the name of the folder does not show the e-mail address. */
const accountName = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 32)

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
