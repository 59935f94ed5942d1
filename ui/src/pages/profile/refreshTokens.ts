import { type Answer, useCommand } from '@/data';

/** What lets somebody in: a log-in of a browser or app (`normal`), or a token for a program. */
export interface RefreshToken {
  id: string;
  type: 'normal' | 'long_lived_access_token' | 'system';
  client_id: string | null;
  client_name: string | null;
  created_at: string;
  expire_at: string | null;
  is_current: boolean;
  last_used_at: string | null;
  last_used_ip: string | null;
}

export const useTokens = (): Answer<RefreshToken[]> => useCommand<RefreshToken[]>('auth/refresh_tokens');

/** Those of one kind, the one that is used here first, then what was used last. */
export function ofKind(tokens: readonly RefreshToken[], type: RefreshToken['type']): RefreshToken[] {
  const at = (token: RefreshToken) => Date.parse(token.last_used_at ?? token.created_at) || 0;
  return tokens.filter((token) => token.type === type).sort((a, b) => Number(b.is_current) - Number(a.is_current) || at(b) - at(a));
}
