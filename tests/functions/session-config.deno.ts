// The session of a minted key or an opened call.
import assert from 'node:assert/strict'
import { estimateTokens } from '../../supabase/functions/_shared/estimate-tokens.ts'
import { CONVERSATION_LANGUAGES } from '../../supabase/functions/_shared/language.ts'
import { PHRASES } from '../../supabase/functions/_shared/languages/phrases-by-language.ts'
import {
  SESSION_TOKEN_BUDGET,
  sessionConfig
} from '../../supabase/functions/_shared/session-config.ts'
import { SESSION } from './support/calls.deno.ts'

Deno.test('sets the effort and one call at a time for reasoning models only', () => {
  for (const [model, isReasoning] of [
    ['gpt-realtime-2', true],
    ['gpt-realtime-2.1-mini', true],
    ['gpt-realtime-1.5', false],
    ['gpt-realtime-2025-08-28', false]
  ] as const) {
    const asker = { transcription: null, language: 'en', role: 'crew' } as const
    const config = sessionConfig({ ...SESSION, ...asker, model, reasoningEffort: 'low' })
    const { reasoning, parallel_tool_calls } = { reasoning: undefined, ...config }
    const expected = isReasoning ? [{ effort: 'low' }, false] : [undefined, undefined]
    assert.deepEqual([reasoning, parallel_tool_calls], expected, model)
  }
})

Deno.test('builds the GA shape with both tools', () => {
  const { instructions, tools, ...shape } = sessionConfig({
    ...SESSION,
    transcription: { model: 'gpt-live-transcribe', hasKeywords: true },
    language: 'es',
    role: 'crew'
  })
  assert.deepEqual(shape, {
    type: 'realtime',
    model: 'gpt-realtime-2.1',
    output_modalities: ['audio'],
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24_000 },
        noise_reduction: { type: 'far_field' },
        transcription: { model: 'gpt-live-transcribe', languages: ['es'] },
        turn_detection: null
      },
      output: { voice: 'marin' }
    },
    max_output_tokens: 1_200,
    reasoning: { effort: 'minimal' },
    parallel_tool_calls: false,
    truncation: {
      type: 'retention_ratio',
      retention_ratio: 0.8,
      token_limits: { post_instructions: 8_000 }
    },
    tool_choice: 'auto'
  })
  assert.match(String(instructions), /search_handbook/)
  assert.match(String(instructions), /Habla español/)
  const withoutTexts = JSON.parse(JSON.stringify(tools), (key, value) =>
    key === 'description' ? undefined : value
  )
  const text = { type: 'string' }
  assert.deepEqual(withoutTexts, [
    {
      type: 'function',
      name: 'search_handbook',
      parameters: {
        type: 'object',
        properties: {
          sections: { type: 'array', items: text, maxItems: 3 },
          question: text,
          restated: text
        },
        required: ['sections', 'question', 'restated'],
        additionalProperties: false
      }
    },
    {
      type: 'function',
      name: 'report_answer',
      parameters: {
        type: 'object',
        properties: {
          found: { type: 'boolean' },
          sources: {
            type: 'array',
            items: {
              type: 'object',
              properties: { section: text, quote: text },
              required: ['section', 'quote'],
              additionalProperties: false
            }
          }
        },
        required: ['found', 'sources'],
        additionalProperties: false
      }
    }
  ])
})

Deno.test('gives words of the kitchen and titles as keywords, where the model takes them', () => {
  const asker = {
    language: 'en' as const,
    role: 'crew' as const,
    kitchenWords: [{ term: "86'd", means: 'out of stock' }],
    contents: {
      sections: [{ slug: 'walk-in', title: 'The walk-in', category: '', asked: 0 }],
      omitted: []
    }
  }
  for (const [hasKeywords, keywords] of [
    [true, ["86'd", 'The walk-in']],
    [false, undefined]
  ] as const) {
    const { audio } = sessionConfig({
      ...SESSION,
      ...asker,
      transcription: { model: 'gpt-live-transcribe', hasKeywords }
    })
    assert.deepEqual(audio.input.transcription, {
      model: 'gpt-live-transcribe',
      languages: ['en'],
      ...(keywords === undefined ? {} : { keywords })
    })
  }
})

Deno.test('keeps the session of 3,000 sections and 300 long words within its token budget', () => {
  const titles = { ascii: 'Title of a section', han: '冷却热的食物', title: 'x'.repeat(500) }
  for (const [kind, title] of Object.entries(titles)) {
    const contents = {
      sections: Array.from({ length: 3_000 }, (_, at) => ({
        slug: `section-${at}`,
        title: `${title} ${at}`,
        category: `category ${at % 40}`,
        asked: at % 7
      })),
      omitted: [{ category: 'category 3', sections: 2_000 }]
    }
    for (const letter of ['y', '字']) {
      const kitchenWords = Array.from({ length: 300 }, (_, index) => ({
        term: `term ${index}`.padEnd(60, letter),
        means: letter.repeat(200)
      }))
      for (const language of CONVERSATION_LANGUAGES) {
        const { instructions, tools } = sessionConfig({
          ...SESSION,
          transcription: { model: 'gpt-transcribe', hasKeywords: false },
          language,
          role: 'owner',
          station: 'grill',
          kitchenWords,
          contents
        })
        const tokens = estimateTokens(instructions) + estimateTokens(JSON.stringify(tools))
        assert.ok(tokens <= SESSION_TOKEN_BUDGET, `${language}, ${kind}: ${tokens}`)
        // The table of contents uses the rest.
        assert.ok(tokens > SESSION_TOKEN_BUDGET - 200, `${language}, ${kind}: ${tokens}`)
        assert.match(instructions, /^section-\d+: /m)
        assert.ok(instructions.includes(PHRASES[language].contents.omitted))
        assert.ok(instructions.includes(PHRASES[language].roles.owner))
      }
    }
  }
})

Deno.test("names a project's own voice by an object", () => {
  const { audio, max_output_tokens } = sessionConfig({
    ...SESSION,
    voice: 'voice_A1',
    maxOutputTokens: 'inf',
    transcription: { model: 'gpt-transcribe', hasKeywords: false },
    language: 'en',
    role: 'crew'
  })
  assert.deepEqual([audio.output, max_output_tokens], [{ voice: { id: 'voice_A1' } }, 'inf'])
})
