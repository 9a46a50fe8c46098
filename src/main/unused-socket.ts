// The WebSocket that supabase-js requires for its realtime part, which the kiosk does not use. Node 20 has none.
import type { createClient } from '@supabase/supabase-js'
import { WebSocket } from 'ws'

type SocketConstructor = NonNullable<
  NonNullable<NonNullable<Parameters<typeof createClient>[2]>['realtime']>['transport']
>

// Supabase's documentation passes `ws` like this: the types differ in the target of an event only.
export const unusedSocket = WebSocket as unknown as SocketConstructor
