export const AGENT = 'backup.local';
/** When the server makes automatic ones unless it is told a time. */
export const USUAL_TIME = '04:45';

/** A backup as `backup/info` lists it. */
export interface Backup {
  backup_id: string;
  name: string;
  date: string;
  database_included: boolean;
  folders: string[];
  agents: Record<string, { protected: boolean; size: number }>;
  with_automatic_settings: boolean;
  homeassistant_version: string;
}

export interface BackupInfo {
  backups: Backup[];
  state: string;
  last_attempted_automatic_backup: string | null;
  last_completed_automatic_backup: string | null;
  next_automatic_backup: string | null;
}

export interface BackupConfig {
  automatic_backups_configured: boolean;
  agents: Record<string, { protected: boolean }>;
  create_backup: { agent_ids: string[]; include_database: boolean; include_folders: string[] | null; name: string | null; password: string | null };
  retention: { copies: number | null; days: number | null };
  schedule: { recurrence: 'never' | 'daily' | 'custom_days'; days: string[]; time: string | null };
}

/** A step of work with backups. */
export interface WorkEvent {
  manager_state: string;
  stage?: string | null;
  state?: 'in_progress' | 'completed' | 'failed';
  reason?: string | null;
}

/** `/api/backups/status` */
export interface Status {
  state: string;
  stage: string | null;
  step: string | null;
  percent: number | null;
  done_bytes: number;
  total_bytes: number;
  last: WorkEvent | null;
  problem: string | null;
  waiting_restore: { backup_id: string; name: string } | null;
  safe_mode: boolean;
}

export const sizeOf = (backup: Backup): number => backup.agents[AGENT]?.size ?? 0;
export const isProtected = (backup: Backup): boolean => backup.agents[AGENT]?.protected ?? false;

/** What is in it, in words. */
export function contentOf(backup: Backup, t: (key: string) => string): string {
  const parts = [t('backups.content.settings')];
  if (backup.database_included) parts.push(t('backups.content.history'));
  if (backup.folders.includes('media')) parts.push(t('backups.content.media'));
  return parts.join(', ');
}
