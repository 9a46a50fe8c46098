// Chromium's way to a track's own samples, which TypeScript's DOM library does not know on a page.
declare class MediaStreamTrackProcessor {
  constructor(init: { track: MediaStreamTrack })
  readonly readable: ReadableStream<AudioData>
}
