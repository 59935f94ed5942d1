/** Who lives here and who may come in: users, persons, networks without a password. */

import { useTranslation } from 'react-i18next';
import { Tabs } from '@/components';
import { AccessTab } from './AccessTab';
import { PersonsTab } from './PersonsTab';
import { UsersTab } from './UsersTab';

export default function Users() {
  const { t } = useTranslation('settings');
  return (
    <Tabs
      label={t('sections.users.title')}
      tabs={[
        { id: 'users', label: t('users.tabs.users'), content: <UsersTab /> },
        { id: 'persons', label: t('users.tabs.persons'), content: <PersonsTab /> },
        { id: 'access', label: t('users.tabs.access'), content: <AccessTab /> },
      ]}
    />
  );
}
