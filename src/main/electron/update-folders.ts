// Paths of the updates in the kiosk's data folder.
import { join } from 'node:path'

export const updatesFolder = (userData: string): string => join(userData, 'updates')
export const updateStatePath = (userData: string): string =>
  join(updatesFolder(userData), 'memory.json')
