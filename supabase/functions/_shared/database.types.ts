// What the migrations make of the database, as supabase-js sees it. Written by `npm run types`, never by hand.
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  public: {
    Tables: {
      asked_questions: {
        Row: {
          answered_from: string[]
          answered_section_id: string | null
          asked_at: string
          gap_id: string | null
          gap_reasons: string[]
          group_id: string
          is_found: boolean
          language: string
          method: string
          named_sections: string[]
          organisation_id: string
          outcome: string | null
          question: string
          question_id: string
          rating: string | null
          restated: string | null
          search_ms: number | null
          searches: number
          section_id: string | null
          time_to_first_audio_ms: number | null
          unverified_figures: number | null
          unverified_quotes: number | null
        }
        ComputedFields: never
        Insert: {
          answered_from?: string[]
          answered_section_id?: string | null
          asked_at?: string
          gap_id?: string | null
          gap_reasons?: never
          group_id: string
          is_found: boolean
          language: string
          method: string
          named_sections?: string[]
          organisation_id: string
          outcome?: string | null
          question: string
          question_id: string
          rating?: string | null
          restated?: string | null
          search_ms?: number | null
          searches?: number
          section_id?: string | null
          time_to_first_audio_ms?: number | null
          unverified_figures?: number | null
          unverified_quotes?: number | null
        }
        Update: {
          answered_from?: string[]
          answered_section_id?: string | null
          asked_at?: string
          gap_id?: string | null
          gap_reasons?: never
          group_id?: string
          is_found?: boolean
          language?: string
          method?: string
          named_sections?: string[]
          organisation_id?: string
          outcome?: string | null
          question?: string
          question_id?: string
          rating?: string | null
          restated?: string | null
          search_ms?: number | null
          searches?: number
          section_id?: string | null
          time_to_first_audio_ms?: number | null
          unverified_figures?: number | null
          unverified_quotes?: number | null
        }
        Relationships: [
          {
            foreignKeyName: 'asked_questions_answered_section_id_fkey'
            columns: ['answered_section_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'asked_questions_gap_id_fkey'
            columns: ['gap_id']
            isOneToOne: false
            referencedRelation: 'question_gap_counts'
            referencedColumns: ['gap_id']
          },
          {
            foreignKeyName: 'asked_questions_gap_id_fkey'
            columns: ['gap_id']
            isOneToOne: false
            referencedRelation: 'question_gaps'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'asked_questions_group_id_organisation_id_fkey'
            columns: ['group_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'asked_questions_section_id_fkey'
            columns: ['section_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id']
          }
        ]
      }
      counted_questions: {
        Row: {
          charged_at: string
          group_id: string
          question_id: string
          searches: number
          searches_ahead: number
          user_id: string
        }
        ComputedFields: never
        Insert: {
          charged_at?: string
          group_id: string
          question_id: string
          searches?: number
          searches_ahead?: number
          user_id: string
        }
        Update: {
          charged_at?: string
          group_id?: string
          question_id?: string
          searches?: number
          searches_ahead?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'counted_questions_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      golden_questions: {
        Row: {
          created_at: string
          embedding: string | null
          embedding_model: string | null
          group_id: string | null
          id: string
          language: string
          must_say: string[]
          organisation_id: string
          question: string
          section_slug: string
          set_aside_at: string | null
          set_aside_by: string | null
          set_aside_reason: string | null
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          embedding?: string | null
          embedding_model?: string | null
          group_id?: string | null
          id?: string
          language: string
          must_say?: string[]
          organisation_id: string
          question: string
          section_slug: string
          set_aside_at?: string | null
          set_aside_by?: string | null
          set_aside_reason?: string | null
        }
        Update: {
          created_at?: string
          embedding?: string | null
          embedding_model?: string | null
          group_id?: string | null
          id?: string
          language?: string
          must_say?: string[]
          organisation_id?: string
          question?: string
          section_slug?: string
          set_aside_at?: string | null
          set_aside_by?: string | null
          set_aside_reason?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'golden_questions_group_id_organisation_id_fkey'
            columns: ['group_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'golden_questions_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          }
        ]
      }
      group_memberships: {
        Row: {
          created_at: string
          group_id: string
          role: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          group_id: string
          role: string
          user_id: string
        }
        Update: {
          created_at?: string
          group_id?: string
          role?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'group_memberships_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      group_usage_days: {
        Row: {
          call_seconds: number
          calls: number
          cost: number
          day: string
          group_id: string
          keys: number
          questions: number
          turns: number
        }
        ComputedFields: never
        Insert: {
          call_seconds?: number
          calls?: number
          cost?: number
          day: string
          group_id: string
          keys?: number
          questions?: number
          turns?: number
        }
        Update: {
          call_seconds?: number
          calls?: number
          cost?: number
          day?: string
          group_id?: string
          keys?: number
          questions?: number
          turns?: number
        }
        Relationships: [
          {
            foreignKeyName: 'group_usage_days_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      groups: {
        Row: {
          created_at: string
          daily_cost_limit: number | null
          daily_limit: number | null
          id: string
          monthly_limit: number | null
          name: string
          organisation_id: string
          slug: string
          time_zone: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          daily_cost_limit?: number | null
          daily_limit?: number | null
          id?: string
          monthly_limit?: number | null
          name: string
          organisation_id: string
          slug: string
          time_zone?: string
        }
        Update: {
          created_at?: string
          daily_cost_limit?: number | null
          daily_limit?: number | null
          id?: string
          monthly_limit?: number | null
          name?: string
          organisation_id?: string
          slug?: string
          time_zone?: string
        }
        Relationships: [
          {
            foreignKeyName: 'groups_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          }
        ]
      }
      handbook_terms: {
        Row: {
          concept: string
          id: string
          language: string
          lexemes: string[]
          means: string | null
          organisation_id: string
          term: string
        }
        ComputedFields: never
        Insert: {
          concept: string
          id?: string
          language: string
          lexemes?: string[]
          means?: string | null
          organisation_id: string
          term: string
        }
        Update: {
          concept?: string
          id?: string
          language?: string
          lexemes?: string[]
          means?: string | null
          organisation_id?: string
          term?: string
        }
        Relationships: [
          {
            foreignKeyName: 'handbook_terms_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          }
        ]
      }
      manual_embeddings: {
        Row: {
          dimensions: number
          embedding: string
          group_id: string | null
          is_published: boolean
          model: string
          ordinal: number
          organisation_id: string
          passage_id: string
          section_id: string
        }
        ComputedFields: never
        Insert: {
          dimensions?: never
          embedding: string
          group_id?: string | null
          is_published: boolean
          model: string
          ordinal: number
          organisation_id: string
          passage_id: string
          section_id: string
        }
        Update: {
          dimensions?: never
          embedding?: string
          group_id?: string | null
          is_published?: boolean
          model?: string
          ordinal?: number
          organisation_id?: string
          passage_id?: string
          section_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'manual_embeddings_passage_id_fkey'
            columns: ['passage_id']
            isOneToOne: false
            referencedRelation: 'manual_passages'
            referencedColumns: ['id']
          }
        ]
      }
      manual_passages: {
        Row: {
          anchor: string
          content: string
          fts: unknown
          group_id: string | null
          heading: string
          id: string
          is_published: boolean
          language: string
          ordinal: number
          organisation_id: string
          section_id: string
          version_id: string
        }
        ComputedFields: never
        Insert: {
          anchor?: string
          content: string
          fts?: unknown
          group_id?: string | null
          heading?: string
          id?: string
          is_published?: boolean
          language: string
          ordinal: number
          organisation_id: string
          section_id: string
          version_id: string
        }
        Update: {
          anchor?: string
          content?: string
          fts?: unknown
          group_id?: string | null
          heading?: string
          id?: string
          is_published?: boolean
          language?: string
          ordinal?: number
          organisation_id?: string
          section_id?: string
          version_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'manual_passages_section_id_organisation_id_fkey'
            columns: ['section_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'manual_passages_version_id_fkey'
            columns: ['version_id']
            isOneToOne: false
            referencedRelation: 'manual_section_versions'
            referencedColumns: ['id']
          }
        ]
      }
      manual_section_versions: {
        Row: {
          category: string
          content_en: string | null
          content_es: string | null
          created_at: string
          created_by: string | null
          group_id: string | null
          id: string
          number: number
          organisation_id: string
          published_at: string | null
          questions_en: string[]
          questions_es: string[]
          retired_at: string | null
          section_id: string
          sort_order: number
          source: NonNullable<Json>
          status: string
          title_en: string | null
          title_es: string | null
        }
        ComputedFields: never
        Insert: {
          category?: string
          content_en?: string | null
          content_es?: string | null
          created_at?: string
          created_by?: string | null
          group_id?: string | null
          id?: string
          number: number
          organisation_id: string
          published_at?: string | null
          questions_en?: string[]
          questions_es?: string[]
          retired_at?: string | null
          section_id: string
          sort_order?: number
          source?: NonNullable<Json>
          status?: string
          title_en?: string | null
          title_es?: string | null
        }
        Update: {
          category?: string
          content_en?: string | null
          content_es?: string | null
          created_at?: string
          created_by?: string | null
          group_id?: string | null
          id?: string
          number?: number
          organisation_id?: string
          published_at?: string | null
          questions_en?: string[]
          questions_es?: string[]
          retired_at?: string | null
          section_id?: string
          sort_order?: number
          source?: NonNullable<Json>
          status?: string
          title_en?: string | null
          title_es?: string | null
        }
        Relationships: [
          {
            foreignKeyName: 'manual_section_versions_section_id_organisation_id_fkey'
            columns: ['section_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id', 'organisation_id']
          }
        ]
      }
      manual_sections: {
        Row: {
          group_id: string | null
          id: string
          organisation_id: string
          slug: string
        }
        ComputedFields: never
        Insert: {
          group_id?: string | null
          id?: string
          organisation_id: string
          slug: string
        }
        Update: {
          group_id?: string | null
          id?: string
          organisation_id?: string
          slug?: string
        }
        Relationships: [
          {
            foreignKeyName: 'manual_sections_group_id_organisation_id_fkey'
            columns: ['group_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'manual_sections_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          }
        ]
      }
      model_prices: {
        Row: {
          audio_cached: number | null
          audio_input: number | null
          audio_output: number | null
          currency: string
          model: string
          source: string
          text_cached: number | null
          text_input: number | null
          text_output: number | null
          transcription_minute: number | null
          valid_from: string
        }
        ComputedFields: never
        Insert: {
          audio_cached?: number | null
          audio_input?: number | null
          audio_output?: number | null
          currency?: string
          model: string
          source: string
          text_cached?: number | null
          text_input?: number | null
          text_output?: number | null
          transcription_minute?: number | null
          valid_from: string
        }
        Update: {
          audio_cached?: number | null
          audio_input?: number | null
          audio_output?: number | null
          currency?: string
          model?: string
          source?: string
          text_cached?: number | null
          text_input?: number | null
          text_output?: number | null
          transcription_minute?: number | null
          valid_from?: string
        }
        Relationships: []
      }
      organisation_memberships: {
        Row: {
          created_at: string
          organisation_id: string
          role: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          organisation_id: string
          role: string
          user_id: string
        }
        Update: {
          created_at?: string
          organisation_id?: string
          role?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'organisation_memberships_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          }
        ]
      }
      organisations: {
        Row: {
          caution_topics: string[]
          created_at: string
          embedding_model: string
          id: string
          name: string
          next_embedding_model: string | null
          retention_days: number
          slug: string
        }
        ComputedFields: never
        Insert: {
          caution_topics?: string[]
          created_at?: string
          embedding_model?: string
          id?: string
          name: string
          next_embedding_model?: string | null
          retention_days?: number
          slug: string
        }
        Update: {
          caution_topics?: string[]
          created_at?: string
          embedding_model?: string
          id?: string
          name?: string
          next_embedding_model?: string | null
          retention_days?: number
          slug?: string
        }
        Relationships: []
      }
      question_gaps: {
        Row: {
          created_at: string
          dimensions: number | null
          embedding: string | null
          embedding_model: string | null
          example: string
          group_id: string
          id: string
          language: string
          organisation_id: string
          resolved_at: string | null
          section_id: string | null
          sign_bits: unknown
          status: string
          terms: string[]
        }
        ComputedFields: never
        Insert: {
          created_at?: string
          dimensions?: never
          embedding?: string | null
          embedding_model?: string | null
          example: string
          group_id: string
          id?: string
          language: string
          organisation_id: string
          resolved_at?: string | null
          section_id?: string | null
          sign_bits?: never
          status?: string
          terms?: string[]
        }
        Update: {
          created_at?: string
          dimensions?: never
          embedding?: string | null
          embedding_model?: string | null
          example?: string
          group_id?: string
          id?: string
          language?: string
          organisation_id?: string
          resolved_at?: string | null
          section_id?: string | null
          sign_bits?: never
          status?: string
          terms?: string[]
        }
        Relationships: [
          {
            foreignKeyName: 'question_gaps_group_id_organisation_id_fkey'
            columns: ['group_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'question_gaps_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'question_gaps_section_id_fkey'
            columns: ['section_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id']
          }
        ]
      }
      role_policies: {
        Row: {
          can_use_ai: boolean
          daily_cost_limit: number | null
          daily_limit: number | null
          group_id: string
          monthly_limit: number | null
          role: string
          voice_enabled: boolean
        }
        ComputedFields: never
        Insert: {
          can_use_ai?: boolean
          daily_cost_limit?: number | null
          daily_limit?: number | null
          group_id: string
          monthly_limit?: number | null
          role: string
          voice_enabled?: boolean
        }
        Update: {
          can_use_ai?: boolean
          daily_cost_limit?: number | null
          daily_limit?: number | null
          group_id?: string
          monthly_limit?: number | null
          role?: string
          voice_enabled?: boolean
        }
        Relationships: [
          {
            foreignKeyName: 'role_policies_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      turn_costs: {
        Row: {
          audio_cached: number
          audio_input: number
          audio_output: number
          cost: number
          group_id: string
          model: string
          question_id: string
          reported_at: string
          text_cached: number
          text_input: number
          text_output: number
          transcription_model: string
          transcription_seconds: number
          user_id: string
        }
        ComputedFields: never
        Insert: {
          audio_cached: number
          audio_input: number
          audio_output: number
          cost: number
          group_id: string
          model: string
          question_id: string
          reported_at?: string
          text_cached: number
          text_input: number
          text_output: number
          transcription_model: string
          transcription_seconds: number
          user_id: string
        }
        Update: {
          audio_cached?: number
          audio_input?: number
          audio_output?: number
          cost?: number
          group_id?: string
          model?: string
          question_id?: string
          reported_at?: string
          text_cached?: number
          text_input?: number
          text_output?: number
          transcription_model?: string
          transcription_seconds?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'turn_costs_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      usage_days: {
        Row: {
          call_seconds: number
          calls: number
          cost: number
          day: string
          early_searches: number
          group_id: string
          keys: number
          questions: number
          turns: number
          user_id: string
        }
        ComputedFields: never
        Insert: {
          call_seconds?: number
          calls?: number
          cost?: number
          day: string
          early_searches?: number
          group_id: string
          keys?: number
          questions?: number
          turns?: number
          user_id: string
        }
        Update: {
          call_seconds?: number
          calls?: number
          cost?: number
          day?: string
          early_searches?: number
          group_id?: string
          keys?: number
          questions?: number
          turns?: number
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'usage_days_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      usage_limits: {
        Row: {
          group_id: string | null
          measure: string
          most: number | null
          period: string
          whose: string
        }
        ComputedFields: never
        Insert: {
          group_id?: string | null
          measure: string
          most?: number | null
          period: string
          whose: string
        }
        Update: {
          group_id?: string | null
          measure?: string
          most?: number | null
          period?: string
          whose?: string
        }
        Relationships: [
          {
            foreignKeyName: 'usage_limits_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
      voice_calls: {
        Row: {
          call_id: string
          group_id: string
          key_id: string
          opened_at: string
          seconds: number | null
          user_id: string
        }
        ComputedFields: never
        Insert: {
          call_id: string
          group_id: string
          key_id: string
          opened_at?: string
          seconds?: number | null
          user_id: string
        }
        Update: {
          call_id?: string
          group_id?: string
          key_id?: string
          opened_at?: string
          seconds?: number | null
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'voice_calls_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'voice_calls_key_id_fkey'
            columns: ['key_id']
            isOneToOne: false
            referencedRelation: 'voice_keys'
            referencedColumns: ['id']
          }
        ]
      }
      voice_keys: {
        Row: {
          expires_at: string
          group_id: string
          id: string
          minted_at: string
          user_id: string
        }
        ComputedFields: never
        Insert: {
          expires_at: string
          group_id: string
          id?: string
          minted_at?: string
          user_id: string
        }
        Update: {
          expires_at?: string
          group_id?: string
          id?: string
          minted_at?: string
          user_id?: string
        }
        Relationships: [
          {
            foreignKeyName: 'voice_keys_group_id_fkey'
            columns: ['group_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id']
          }
        ]
      }
    }
    Views: {
      question_gap_counts: {
        Row: {
          created_at: string
          example: string
          examples: Json | null
          gap_id: string
          group_id: string
          language: string
          languages: string[] | null
          last_asked: string | null
          not_found: number | null
          organisation_id: string
          questions: number | null
          rated_down: number | null
          resolved_at: string | null
          section_id: string | null
          status: string
          unverified: number | null
        }
        ComputedFields: never
        Relationships: [
          {
            foreignKeyName: 'question_gaps_group_id_organisation_id_fkey'
            columns: ['group_id', 'organisation_id']
            isOneToOne: false
            referencedRelation: 'groups'
            referencedColumns: ['id', 'organisation_id']
          },
          {
            foreignKeyName: 'question_gaps_organisation_id_fkey'
            columns: ['organisation_id']
            isOneToOne: false
            referencedRelation: 'organisations'
            referencedColumns: ['id']
          },
          {
            foreignKeyName: 'question_gaps_section_id_fkey'
            columns: ['section_id']
            isOneToOne: false
            referencedRelation: 'manual_sections'
            referencedColumns: ['id']
          }
        ]
      }
    }
    Functions: {
      add_embeddings: {
        Args: { _group_id: string; _model: string; _organisation_id: string; _vectors: Json }
        Returns: number
      }
      cancel_model_change: { Args: { _organisation_id: string }; Returns: string }
      charge_question: { Args: { _group_id: string; _question_id: string }; Returns: string }
      delete_golden: { Args: { _golden_id: string }; Returns: undefined }
      delete_term: { Args: { _term_id: string }; Returns: undefined }
      delete_unused_embeddings: {
        Args: { _at_most?: number; _organisation_id: string }
        Returns: number
      }
      finish_model_change: { Args: { _organisation_id: string }; Returns: Json }
      get_handbook: {
        Args: { _after_slug?: string; _group_id: string; _limit?: number }
        Returns: {
          category: string
          content_en: string
          content_es: string
          organisation_wide: boolean
          slug: string
          title_en: string
          title_es: string
          updated_at: string
        }[]
      }
      get_usage: {
        Args: { _days?: number; _group_id?: string; _organisation_id: string }
        Returns: Json
      }
      get_voice_access: {
        Args: { _group_id: string; _key_seconds?: number; _language: string }
        Returns: {
          can_ask: boolean
          can_use_ai: boolean
          contents: Json
          daily_count: number
          daily_limit: number
          group_daily_count: number
          group_daily_limit: number
          group_monthly_count: number
          group_monthly_limit: number
          group_name: string
          key_id: string
          kitchen_words: Json
          monthly_count: number
          monthly_limit: number
          organisation_id: string
          role: string
          usage: Json
          voice_enabled: boolean
        }[]
      }
      list_gaps: {
        Args: { _days?: number; _group_id?: string; _organisation_id: string; _status?: string }
        Returns: {
          example: string
          examples: Json
          first_asked: string
          gap_id: string
          group_id: string
          group_slug: string
          languages: string[]
          last_asked: string
          not_found: number
          questions: number
          rated_down: number
          section_id: string
          section_slug: string
          status: string
          unverified: number
        }[]
      }
      list_missing_embeddings: {
        Args: { _group_id: string; _limit?: number; _model: string; _organisation_id: string }
        Returns: {
          content: string
          golden_id: string
          heading: string
          lacking: number
          passage_id: string
          title: string
        }[]
      }
      list_sections: {
        Args: {
          _after_slug?: string
          _group_id: string
          _limit?: number
          _organisation_id: string
          _status?: string
        }
        Returns: {
          category: string
          content_en: string
          content_es: string
          published_at: string
          questions_en: string[]
          questions_es: string[]
          section_id: string
          slug: string
          sort_order: number
          source: Json
          title_en: string
          title_es: string
          version_id: string
          written_at: string
        }[]
      }
      passages_to_embed: {
        Args: {
          _embedding_model?: string
          _group_id: string
          _organisation_id: string
          _sections: Json
        }
        Returns: {
          language: string
          ordinal: number
          slug: string
        }[]
      }
      publish_versions: { Args: { _dry_run?: boolean; _version_ids: string[] }; Returns: Json }
      rate_answer: {
        Args: {
          _group_id: string
          _question_id: string
          _rating: string
          _time_to_first_audio_ms?: number
        }
        Returns: undefined
      }
      report_answer: {
        Args: {
          _group_id: string
          _outcome: string
          _question_id: string
          _slugs: string[]
          _unverified_figures: number
          _unverified_quotes: number
        }
        Returns: undefined
      }
      report_call: {
        Args: { _call_id: string; _group_id: string; _key_id: string; _seconds?: number }
        Returns: undefined
      }
      report_cost: {
        Args: {
          _audio_cached: number
          _audio_input: number
          _audio_output: number
          _group_id: string
          _model: string
          _question_id: string
          _text_cached: number
          _text_input: number
          _text_output: number
          _transcription_model: string
          _transcription_seconds: number
        }
        Returns: undefined
      }
      resolve_gap: {
        Args: { _gap_id: string; _section_id?: string; _status: string }
        Returns: undefined
      }
      retire_sections: { Args: { _dry_run?: boolean; _section_ids: string[] }; Returns: Json }
      run_golden: {
        Args: { _group_id?: string; _organisation_id: string }
        Returns: {
          expected: string
          golden_id: string
          got: string
          group_id: string
          has_embedding: boolean
          is_kept: boolean
          language: string
          missing: string[]
          must_say: string[]
          question: string
          set_aside_at: string
          set_aside_by: string
          set_aside_reason: string
        }[]
      }
      save_draft: {
        Args: {
          _based_on?: string
          _category: string
          _embedding_model?: string
          _group_id: string
          _organisation_id: string
          _passages: Json
          _slug: string
          _sort_order: number
          _source?: Json
          _texts: Json
        }
        Returns: string
      }
      save_golden: {
        Args: {
          _embedding?: string
          _embedding_model?: string
          _group_id: string
          _language: string
          _must_say?: string[]
          _organisation_id: string
          _question: string
          _section_slug: string
        }
        Returns: string
      }
      save_term: {
        Args: {
          _concept: string
          _language: string
          _means?: string
          _organisation_id: string
          _term: string
        }
        Returns: string
      }
      search_handbook: {
        Args: {
          _conversation_language: string
          _embedding: string
          _embedding_model: string
          _group_id: string
          _is_early?: boolean
          _language: string
          _question: string
          _question_id: string
          _restated: string
          _sections: string[]
        }
        Returns: {
          anchor: string
          content: string
          embedding_model: string
          heading: string
          is_given: boolean
          is_named: boolean
          language: string
          method: string
          needs_manager: boolean
          rank: number
          slug: string
          title: string
        }[]
      }
      set_caution_topics: {
        Args: { _organisation_id: string; _topics: string[] }
        Returns: undefined
      }
      set_golden_aside: { Args: { _golden_id: string; _reason: string }; Returns: undefined }
      set_question_retention: {
        Args: { _days: number; _organisation_id: string }
        Returns: undefined
      }
      start_model_change: { Args: { _model: string; _organisation_id: string }; Returns: undefined }
    }
    Enums: {
      [_ in never]: never
    }
    CompositeTypes: {
      [_ in never]: never
    }
  }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'public'>]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R
      }
      ? R
      : never
    : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema['Tables']
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I
      }
      ? I
      : never
    : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema['Tables']
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U
      }
      ? U
      : never
    : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema['Enums']
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
    : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema['CompositeTypes']
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
    : never

export const Constants = {
  public: {
    Enums: {}
  }
} as const
