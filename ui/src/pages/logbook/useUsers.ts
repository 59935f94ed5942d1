/** The names of users by id, as far as whoever looks may know them: administrators all, others those of persons. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand, useEntities, useEntityIds, useUser } from '@/data';
import { OPERATOR } from './tell';

interface Account {
  id: string;
  name: string;
  system_generated?: boolean;
}

export function useUsers(): ReadonlyMap<string, string> {
  const { t } = useTranslation('logbook');
  const user = useUser();
  const accounts = useCommand<Account[]>(user.is_admin ? 'config/auth/list' : null);
  const persons = useEntities(useEntityIds('person'));
  return useMemo(() => {
    const names = new Map<string, string>([[user.id, user.id === OPERATOR ? t('nobody') : user.name]]);
    for (const person of persons) {
      const { user_id: id, friendly_name: name } = person.attributes;
      if (typeof id === 'string' && name) names.set(id, name);
    }
    for (const account of accounts.data ?? []) if (account.name) names.set(account.id, account.name);
    return names;
  }, [t, user, persons, accounts.data]);
}
