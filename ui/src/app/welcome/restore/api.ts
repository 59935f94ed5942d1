/** What a home without an owner offers to whoever comes with a backup. Open to everybody until there is one. */

import { ApiError } from '@/data/session';
import { sendFile } from '@/data/sendFile';

const AGENT = 'backup.local';
const PATH = '/api/onboarding/backup';

/** A backup that lies on the machine. */
export interface BackupHere {
  backup_id: string;
  name: string;
  date: string;
  database_included: boolean;
  folders: readonly string[];
  agents: Record<string, { protected: boolean; size: number }>;
}

export interface RestoreStatus {
  /** `idle`, `restore_backup`, `receive_backup` … */
  state: string;
  step: string | null;
  percent: number | null;
  /** The latest step of work with backups, also of what has ended. */
  last: { manager_state: string; state: string; reason: string | null } | null;
  /** Why the last of it failed, in words. */
  problem: string | null;
  /** How large a file may be sent. */
  most_bytes: number;
}

/** The facts that an `ApiError` of these requests has in its `body`. */
export interface Refusal {
  status: number;
  /** Seconds until somebody who guessed may try again. */
  retryAfterS: number | null;
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${PATH}/${path}`, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new ApiError('connection', 'The server does not answer');
  }
  const text = await response.text();
  let data: { code?: string; message?: string } = {};
  try {
    if (text) data = JSON.parse(text) as typeof data;
  } catch {
    data = { message: text };
  }
  const refusal: Refusal = { status: response.status, retryAfterS: Number(response.headers.get('Retry-After')) || null };
  if (!response.ok) throw new ApiError(data.code ?? String(response.status), data.message ?? response.statusText, refusal);
  return data as T;
}

/** The newest first. */
export async function backupsHere(): Promise<BackupHere[]> {
  const { backups } = await ask<{ backups: BackupHere[] }>('info');
  return backups.sort((one, other) => Date.parse(other.date) - Date.parse(one.date));
}

export const restoreStatus = (): Promise<RestoreStatus> => ask('status');

/** Gives the id of the backup in the file. */
export async function sendBackup(file: File, onPercent: (percent: number) => void, signal: AbortSignal): Promise<string> {
  const answer = await sendFile(`${PATH}/upload?agent_id=${AGENT}`, file, { onPercent, signal });
  return (answer as { backup_id: string }).backup_id;
}

/** Answers when the backup is checked and ready; then the server restarts. */
export const restoreBackup = (backupId: string, password: string): Promise<unknown> =>
  ask('restore', { backup_id: backupId, agent_id: AGENT, ...(password ? { password } : {}) });

export const isProtected = (backup: BackupHere): boolean => backup.agents[AGENT]?.protected ?? false;
export const sizeOf = (backup: BackupHere): number => backup.agents[AGENT]?.size ?? 0;
