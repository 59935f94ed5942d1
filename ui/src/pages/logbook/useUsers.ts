/** The names of users by id, as far as whoever looks may know them: administrators all, others those of persons. */

import { useMemo } from 'react';
import { useCommand, useEntities, useEntityIds, useUser } from '@/data';

interface Account {
  id: string;
  name: string;
  system_generated?: boolean;
}

export function useUsers(): ReadonlyMap<string, string> {
  const user = useUser();
  const accounts = useCommand<Account[]>(user.is_admin ? 'config/auth/list' : null);
  const persons = useEntities(useEntityIds('person'));
  return useMemo(() => {
    const names = new Map<string, string>([[user.id, user.name]]);
    for (const person of persons) {
      const { user_id: id, friendly_name: name } = person.attributes;
      if (typeof id === 'string' && name) names.set(id, name);
    }
    for (const account of accounts.data ?? []) if (account.name) names.set(account.id, account.name);
    return names;
  }, [user, persons, accounts.data]);
}
