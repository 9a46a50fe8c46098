// realtime-search: the embedding model of a restaurant's questions.
import assert from 'node:assert/strict'
import type {
  BackendResult,
  FoundPassage,
  Search
} from '../../supabase/functions/_shared/backend.ts'
import { GROUP_ID, read, request } from './support/calls.deno.ts'
import { body, handlerOn, passage, searchAnswerOf } from './support/searches.deno.ts'
import { embeddings, serve } from './support/servers.deno.ts'

/** Compares only vectors of the restaurant's own model, as the database does. */
const answersWith =
  (modelOf: (groupId: string) => string | null) =>
  ({ groupId, embedding, embeddingModel: asked }: Search): BackendResult<FoundPassage[]> => {
    const embeddingModel = modelOf(groupId)
    const isCompared = embedding !== null && (embeddingModel === null || embeddingModel === asked)
    return {
      ok: true,
      value: [passage('cooking', { embeddingModel, method: isCompared ? 'hybrid' : 'keyword' })]
    }
  }

Deno.test("uses the model of a restaurant's last answer from the next question on", async () => {
  await using openai = serve(embeddings)
  const OTHER_GROUP = '7d2f8f30-0d5c-4a70-9a39-0d9f3a8d9c02'
  let model = 'text-embedding-3-large'
  const { handle, searches, lines } = handlerOn(
    openai.url,
    answersWith((groupId) => (groupId === OTHER_GROUP ? 'text-embedding-3-small' : model))
  )
  const ask = async (groupId = GROUP_ID) => {
    return (await searchAnswerOf(await handle(request({ ...body, groupId })))).method
  }
  const methods = [await ask(), await ask(), await ask(OTHER_GROUP), await ask()]
  model = 'text-embedding-3-small'
  methods.push(await ask(), await ask())
  assert.deepEqual(methods, ['keyword', 'hybrid', 'hybrid', 'hybrid', 'keyword', 'hybrid'])
  const [small, large] = ['text-embedding-3-small', 'text-embedding-3-large']
  const used = [small, large, small, large, large, small]
  assert.deepEqual(
    searches.map(({ embeddingModel }) => embeddingModel),
    used
  )
  assert.deepEqual(
    openai.requests.map((sent) => (sent.body as { model: string }).model),
    used
  )
  assert.deepEqual(
    lines.map(({ fields }) => fields.embeddingModel),
    used
  )
})

Deno.test("keeps a restaurant's model when an answer names none", async () => {
  await using openai = serve(embeddings)
  const values: FoundPassage[][] = [
    [passage('cooking', { embeddingModel: 'text-embedding-3-large' })],
    [],
    [passage('cooking', { embeddingModel: null })],
    []
  ]
  const { handle, searches } = handlerOn(openai.url, () => ({
    ok: true,
    value: values[searches.length - 1] ?? []
  }))
  for (const _ of values) await (await handle(request(body))).body?.cancel()
  assert.deepEqual(
    searches.map(({ embeddingModel }) => embeddingModel),
    [
      'text-embedding-3-small',
      'text-embedding-3-large',
      'text-embedding-3-large',
      'text-embedding-3-large'
    ]
  )
})

Deno.test('searches by words only for an unknown model', async () => {
  await using openai = serve(embeddings)
  const { handle, searches, lines } = handlerOn(
    openai.url,
    answersWith(() => 'text-embedding-9')
  )
  for (let times = 0; times < 2; times += 1) {
    const answer = await read(await handle(request(body)))
    assert.deepEqual([answer.status, answer.body.method], [200, 'keyword'])
  }
  assert.equal(openai.requests.length, 1)
  assert.equal(searches[1]?.embedding, null)
  assert.equal(lines[1]?.fields.embeddingFailure, 'unknown_model')
})
