// Carries out the operations on sections: draft, publish, retire, list.
import { PUBLISH_TIMEOUT_MS, scopeArguments } from './database.ts'
import { type OperationTable, outcomeOf } from './operation-table.ts'
import { publishedSchema, retiredSchema, sectionsSchema } from './row-schemas.ts'
import { saveDraft } from './save-draft.ts'

export const SECTION_OPERATIONS: OperationTable<'draft' | 'publish' | 'retire' | 'sections'> = {
  draft: saveDraft,

  publish: async ({ database }, { versionIds, dryRun }) =>
    outcomeOf(
      await database.call(
        'publish_versions',
        { _version_ids: versionIds, _dry_run: dryRun },
        publishedSchema,
        PUBLISH_TIMEOUT_MS
      ),
      (value) => ({ ...value, dryRun }),
      ({ published, golden }) => ({
        dryRun,
        published: published.length,
        golden: golden.total,
        regressions: golden.regressions.length,
        warnings: golden.warnings.length
      })
    ),

  retire: async ({ database }, { sectionIds, dryRun }) =>
    outcomeOf(
      await database.call(
        'retire_sections',
        { _section_ids: sectionIds, _dry_run: dryRun },
        retiredSchema,
        PUBLISH_TIMEOUT_MS
      ),
      (value) => ({ ...value, dryRun }),
      ({ retired, golden }) => ({
        dryRun,
        retired: retired.length,
        golden: golden.total,
        regressions: golden.regressions.length,
        warnings: golden.warnings.length
      })
    ),

  sections: async ({ database }, { status, after, limit, ...scope }) =>
    outcomeOf(
      await database.call(
        'list_sections',
        { ...scopeArguments(scope), _status: status, _after_slug: after, _limit: limit },
        sectionsSchema
      ),
      (sections) => ({
        sections,
        /** Null after the last page. */
        next: sections.length < limit ? null : (sections.at(-1)?.slug ?? null)
      }),
      (sections) => ({ sections: sections.length })
    )
}
