// Fills the database of the search bench in bulk, with all triggers, keys and checks.
import { createHash, randomUUID } from 'node:crypto'
import type { Transaction } from '@electric-sql/pglite'
import { z } from 'zod'
import type { Database } from '../../dev/supabase/database.ts'
import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODEL
} from '../../supabase/functions/_shared/embedding.ts'
import { embeddingInput } from '../../supabase/functions/_shared/passages.ts'
import type { Progress } from '../bench-result.ts'
import { denseVector } from './dense-vector.ts'
import type { MakeSection, SyntheticSection } from './synthetic-handbook.ts'
import type { Owner } from './tenants.ts'

/** About 13 MB of vectors in one statement. */
const SECTIONS_PER_STATEMENT = 300

const COPY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
const COPY_HEADER = Buffer.concat([COPY_SIGNATURE, Buffer.alloc(8)])
const COPY_END = Buffer.from([0xff, 0xff])
const UUID_BYTES = 16

type VectorRow = { passageId: string; vector: Float32Array }

/** Rows of (uuid, vector) in the binary format of COPY. Parsing text would be most of the work. */
const copyRows = (rows: readonly VectorRow[]): Blob => {
  const vectorBytes = 4 + 4 * EMBEDDING_DIMENSIONS
  const rowBytes = 2 + 4 + UUID_BYTES + 4 + vectorBytes
  const buffer = Buffer.alloc(rows.length * rowBytes)
  let at = 0
  for (const { passageId, vector } of rows) {
    at = buffer.writeInt16BE(2, at)
    at = buffer.writeInt32BE(UUID_BYTES, at)
    at += buffer.write(passageId.replaceAll('-', ''), at, 'hex')
    at = buffer.writeInt32BE(vectorBytes, at)
    at = buffer.writeInt16BE(vector.length, at)
    at = buffer.writeInt16BE(0, at)
    for (const value of vector) at = buffer.writeFloatBE(value, at)
  }
  return new Blob([COPY_HEADER, buffer, COPY_END])
}

type Batch = {
  sections: { id: string; organisation_id: string; group_id: string | null; slug: string }[]
  versions: Record<string, string | string[] | null>[]
  passages: Record<string, string | number>[]
  vectors: VectorRow[]
}

const batchOf = (owner: Owner, make: MakeSection, from: number, to: number): Batch => {
  const batch: Batch = { sections: [], versions: [], passages: [], vectors: [] }
  for (let place = from; place < to; place += 1) {
    const section = sectionAt(owner, place, make)
    const id = randomUUID()
    const versionId = randomUUID()
    batch.sections.push({
      id,
      organisation_id: owner.organisationId,
      group_id: owner.groupId,
      slug: `${owner.slugPrefix}${place}`
    })
    batch.versions.push({
      id: versionId,
      section_id: id,
      title_en: section.titles.en ?? null,
      title_es: section.titles.es ?? null,
      content_en: section.contents.en ?? null,
      content_es: section.contents.es ?? null,
      questions_en: section.questions.en ?? [],
      questions_es: section.questions.es ?? []
    })
    for (const passage of section.passages) {
      const passageId = randomUUID()
      batch.passages.push({ id: passageId, version_id: versionId, ...passage })
      const { heading, content: text } = passage
      const title = section.titles[passage.language] ?? ''
      const vector = denseVector(embeddingInput(title, { heading, text }))
      batch.vectors.push({ passageId, vector })
    }
  }
  return batch
}

const writeBatch = async (sql: Transaction, batch: Batch): Promise<void> => {
  await sql.query(
    `insert into public.manual_sections (id, organisation_id, group_id, slug)
     select * from jsonb_to_recordset($1) as s (id uuid, organisation_id uuid, group_id uuid, slug text)`,
    [JSON.stringify(batch.sections)]
  )
  await sql.query(
    `insert into public.manual_section_versions
       (id, section_id, number, status, published_at, title_en, title_es, content_en, content_es,
        questions_en, questions_es)
     select v.id, v.section_id, 1, 'published', now(), v.title_en, v.title_es, v.content_en, v.content_es,
       v.questions_en, v.questions_es
     from jsonb_to_recordset($1) as v
       (id uuid, section_id uuid, title_en text, title_es text, content_en text, content_es text,
        questions_en text[], questions_es text[])`,
    [JSON.stringify(batch.versions)]
  )
  await sql.query(
    `insert into public.manual_passages (id, version_id, language, ordinal, heading, anchor, content)
     select * from jsonb_to_recordset($1) as p
       (id uuid, version_id uuid, language text, ordinal integer, heading text, anchor text, content text)`,
    [JSON.stringify(batch.passages)]
  )
  await sql.query(
    'create temporary table if not exists made_vectors (passage_id uuid, embedding extensions.vector)'
  )
  await sql.query(`copy made_vectors from '/dev/blob' with (format binary)`, [], {
    blob: copyRows(batch.vectors)
  })
  await sql.query(
    `insert into public.manual_embeddings (passage_id, model, embedding)
     select passage_id, $1, embedding from made_vectors`,
    [EMBEDDING_MODEL]
  )
  await sql.query('truncate made_vectors')
}

const indexRow = z.object({ schema: z.string(), name: z.string(), definition: z.string() })
type PlainIndex = z.output<typeof indexRow>

/** Drops the indexes that are no constraint and stores their definitions in the database, for a load that is interrupted. */
const setAsideIndexes = async (database: Database): Promise<void> => {
  await database.execute(
    `begin;
     create schema bench;
     create table bench.set_aside as
       select n.nspname as schema, c.relname as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
       join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace
       where i.indrelid in ('public.manual_passages'::regclass, 'public.manual_embeddings'::regclass,
           'private.section_words'::regclass)
         and not i.indisunique
         and not exists (select from pg_constraint k where k.conindid = i.indexrelid);
     do $$
     declare _index record;
     begin
       for _index in select * from bench.set_aside loop
         execute format('drop index %I.%I', _index.schema, _index.name);
       end loop;
     end $$;
     commit`
  )
}

const indexesSetAside = async (database: Database): Promise<PlainIndex[]> => {
  const [there] = await database.query<{ there: boolean }>(
    `select to_regclass('bench.set_aside') is not null as there`
  )
  if (there?.there !== true) return []
  return z
    .array(indexRow)
    .parse(
      await database.query(
        `select * from bench.set_aside a where to_regclass(format('%I.%I', a.schema, a.name)) is null`
      )
    )
}

/** Sections of an earlier load. A batch is written whole or not at all. */
const writtenOf = async (
  database: Database,
  { organisationId, slugPrefix }: Owner
): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::integer as count from public.manual_sections
     where organisation_id = $1 and starts_with(slug, $2)`,
    [organisationId, slugPrefix]
  )
  return row?.count ?? 0
}

/** Enough for the build of the vector index. */
const BUILD_MEMORY = '512MB'

/** Owners have different texts. */
const firstNumberOf = ({ slugPrefix }: Owner): number =>
  createHash('sha256').update(slugPrefix).digest().readUInt32BE(0) % 1_000_000_000

/** @param place from 0 */
export const sectionAt = (owner: Owner, place: number, make: MakeSection): SyntheticSection =>
  make(firstNumberOf(owner) + place)

const REPORT_EVERY = 1_000

/** Writes published sections with vectors, and continues an interrupted load. */
export const loadOwners = async (
  database: Database,
  owners: readonly Owner[],
  make: MakeSection,
  progress: Progress
): Promise<void> => {
  const total = owners.reduce((sum, { sections }) => sum + sections, 0)
  const [{ count: before = 0 } = {}] = await database.query<{ count: number }>(
    'select count(*)::integer as count from public.manual_sections'
  )
  // A rebuild would index existing sections again.
  if (before === 0) await setAsideIndexes(database)
  let done = 0
  let reported = 0
  for (const owner of owners) {
    const written = before === 0 ? 0 : await writtenOf(database, owner)
    done += written
    if (written > 0) progress(`${owner.slugPrefix}…: ${written} sections are there already`)
    for (let from = written; from < owner.sections; from += SECTIONS_PER_STATEMENT) {
      const to = Math.min(owner.sections, from + SECTIONS_PER_STATEMENT)
      const batch = batchOf(owner, make, from, to)
      await database.transaction((sql) => writeBatch(sql, batch))
      done += to - from
      if (done - reported >= REPORT_EVERY || done === total) {
        progress(`${done} of ${total} sections written`)
        reported = done
      }
    }
  }
  await database.query(`set maintenance_work_mem = '${BUILD_MEMORY}'`)
  for (const { name, definition } of await indexesSetAside(database)) {
    progress(`building ${name}`)
    await database.query(definition)
  }
  await database.execute('reset maintenance_work_mem; drop schema if exists bench cascade')
  progress('gathering statistics')
  // As autovacuum on a hosted project; the embedded Postgres has none.
  await database.query('vacuum analyze')
}

/** Idempotent. */
export const addTenants = async (database: Database, owners: readonly Owner[]): Promise<void> => {
  const organisations = [...new Set(owners.map(({ organisationId }) => organisationId))]
  await database.query(
    `insert into public.organisations (id, name, slug)
     select id::uuid, 'Brand ' || id, id from jsonb_array_elements_text($1) as o (id)
     on conflict do nothing`,
    [JSON.stringify(organisations)]
  )
  await database.query(
    `insert into public.groups (id, organisation_id, name, slug)
     select g."groupId", g."organisationId", 'Restaurant ' || g."groupId", g."groupId"::text
     from jsonb_to_recordset($1) as g ("groupId" uuid, "organisationId" uuid)
     where g."groupId" is not null
     on conflict do nothing`,
    [JSON.stringify(owners)]
  )
  await database.query(
    `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit, monthly_limit)
     select g.id, 'crew', true, true, null, null from public.groups g
     on conflict do nothing`
  )
}
