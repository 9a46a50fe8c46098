// Checks a hosted project with the kiosk's own main code: sign-in, health, one session's key, handbook, one question,
// tenancy and migrations.
import { randomUUID } from 'node:crypto'
import { createAccount } from '../../src/main/account/account.ts'
import { noVault } from '../../src/main/account/vault.ts'
import { createMint } from '../../src/main/calls/mint-ephemeral-key.ts'
import { systemClock } from '../../src/main/clock.ts'
import { createEdgeFunctions } from '../../src/main/edge-function.ts'
import { fetchHandbook } from '../../src/main/handbook/fetch-offline-copy.ts'
import type { OfflineSection } from '../../src/main/handbook/offline-handbook.ts'
import { searchHandbook } from '../../src/main/handbook/search.ts'
import { createLog } from '../../src/main/log.ts'
import type { Failure } from '../../src/shared/failure.ts'
import { citationsOf } from '../../src/shared/handbook.ts'
import type { Language } from '../../src/shared/language.ts'
import { checkHealth } from './check-health.ts'
import { checkMigrations } from './check-migrations.ts'
import { type Finding, passed, refused, type Step, warned } from './check-step.ts'
import { checkTenancy } from './check-tenancy.ts'
import type { HostedProject } from './hosted-environment.ts'

const failure = ({ code, message }: Failure): Finding => refused(`${message} (${code})`)

/** A title alone may be one word of many sections. */
const WORDS_OF_TEXT = 16

/** A question that must find one of the handbook's own sections: its title and first words. */
const questionFrom = (
  sections: readonly OfflineSection[]
): { question: string; language: Language; slug: string } | null => {
  for (const { slug, en, es } of sections) {
    const [language, text] = en === null ? (['es', es] as const) : (['en', en] as const)
    if (text === null) continue
    const words = text.content.match(/[\p{L}\p{N}]+/gu) ?? []
    return { question: [text.title, ...words.slice(0, WORDS_OF_TEXT)].join(' '), language, slug }
  }
  return null
}

/**
 * Runs every possible step in order, and reports each as it ends. Signs in once, mints one key without opening a call,
 * and asks one question, which counts. Writes nothing else and signs out.
 * @returns true when no step failed
 */
export const checkHosted = async (
  project: HostedProject,
  report: (step: Step) => void
): Promise<boolean> => {
  let isHealthy = true
  const step = async (name: string, run: () => Promise<Finding>): Promise<void> => {
    const finding = await run()
    if (finding.outcome === 'failed') isHealthy = false
    report({ name, ...finding })
  }

  const ports = {
    supabaseUrl: project.supabaseUrl,
    publishableKey: project.publishableKey,
    fetch,
    clock: systemClock,
    // Each step reports its own failure.
    log: createLog([])
  }
  const account = createAccount({
    ...ports,
    vault: noVault,
    chosenGroupId: () => null,
    isSignInPending: true
  })
  const edge = createEdgeFunctions({ ...ports, account })

  const signedIn = await account.signIn(project.account)
  const { group, groups } =
    signedIn.ok && signedIn.value.status === 'signed_in'
      ? signedIn.value
      : { group: null, groups: [] }
  await step('sign in', async () => {
    if (!signedIn.ok) return failure(signedIn.error)
    return group === null
      ? refused('the account belongs to no restaurant (npm run seed -- --email)')
      : passed(`${group.role} of ${group.name}`)
  })

  const token = await account.accessToken()
  if (group !== null && token.ok) {
    await step('health', () => checkHealth(project, token.value, group.id))
    await step('one session', async () => {
      const mint = createMint(edge, systemClock)
      const minted = await mint({ groupId: group.id, language: 'en' }, 'now')
      return minted.ok ? passed(`a key for ${minted.value.model}`) : failure(minted.error)
    })
    let sections: readonly OfflineSection[] = []
    await step('handbook', async () => {
      const read = await fetchHandbook(
        { ...ports, account },
        group.id,
        new AbortController().signal
      )
      if (!read.ok) return failure(read.error)
      sections = read.value.sections
      return sections.length === 0
        ? refused('no published section (npm run seed)')
        : passed(`${sections.length} published sections`)
    })
    const question = questionFrom(sections)
    if (question !== null) {
      await step('search', async () => {
        const { slug, ...asked } = question
        const answer = await searchHandbook(
          { account, edge, clock: systemClock, log: ports.log },
          { questionId: randomUUID(), sections: [], ...asked }
        )
        if (!answer.ok) return failure(answer.error)
        const { passages, method } = answer.value
        if (!citationsOf(passages).some((citation) => citation.slug === slug)) {
          return refused(`the section ${slug} is not found by its own words`)
        }
        return method === 'hybrid'
          ? passed('a section is found by its own words, and by their meaning')
          : warned('found by words only: are there an OpenAI key and vectors?')
      })
    }
    await step('other restaurants', () =>
      checkTenancy(
        project,
        token.value,
        groups.map(({ id }) => id),
        project.otherGroupId
      )
    )
  }
  await account.signOut()
  await account.stop()
  await step('migrations', () => checkMigrations(project))
  return isHealthy
}
