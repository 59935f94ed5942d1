/** A user as `config/auth/list` shows them. */
export interface HomeUser {
  id: string;
  username: string | null;
  name: string;
  is_owner: boolean;
  is_active: boolean;
  local_only: boolean;
  system_generated: boolean;
  group_ids: string[];
}

export interface Person {
  id: string;
  name: string;
  user_id: string | null;
  device_trackers: string[];
  picture: string | null;
}

/** What people may do, from the most to the least. */
export const ROLES = ['system-admin', 'system-users', 'system-read-only'] as const;

export const roleOf = (user: HomeUser): string => ROLES.find((role) => user.group_ids.includes(role)) ?? 'none';
