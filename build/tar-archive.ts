// A .tar.gz of a packed folder that is the same, byte for byte, whenever and by whomever it is made.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** No name and no time of the machine that packs; any moment would do. */
const SAME_EVERYWHERE = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0']

/** A tenth larger than at gzip's own level and made in a third of the time: what is released has other formats. */
const GZIP_LEVEL = 1

/**
 * Packs `folder` under its own name with the system's tar, which every Linux has.
 * @throws when tar is missing or fails
 */
export const archiveFolder = async (folder: string, file: string): Promise<void> => {
  const tar = spawn(
    'tar',
    [
      '--create',
      '--format=ustar',
      ...SAME_EVERYWHERE,
      `--directory=${dirname(folder)}`,
      basename(folder)
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] }
  )
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject)
    tar.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`tar ended with code ${code}.`))
    )
  })
  await Promise.all([
    pipeline(tar.stdout, createGzip({ level: GZIP_LEVEL }), createWriteStream(file)),
    ended
  ])
}
