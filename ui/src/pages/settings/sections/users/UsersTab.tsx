import { useState } from 'react';
import { mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Chip } from '@/components';
import { useCommand, useConnected, useUser } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Row, Rows } from '../../parts/Rows';
import { AddUser } from './AddUser';
import { EditUser } from './EditUser';
import { type HomeUser, type Person, roleOf } from './types';

export function UsersTab() {
  const { t } = useTranslation('settings');
  const me = useUser();
  const connected = useConnected();
  const answer = useCommand<HomeUser[]>('config/auth/list', {}, ['user_added', 'user_updated', 'user_removed']);
  const persons = useCommand<{ storage: Person[]; config: Person[] }>('person/list');
  const pictureOf = (userId: string) => [...(persons.data?.storage ?? []), ...(persons.data?.config ?? [])].find((person) => person.user_id === userId)?.picture;
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const people = answer.data?.filter((user) => !user.system_generated);
  const edited = people?.find((user) => user.id === editing);
  return (
    <Card
      title={t('users.title')}
      actions={
        <Button small icon={mdiPlus} isDisabled={!connected} onPress={() => setAdding(true)}>
          {t('users.add')}
        </Button>
      }
    >
      <Loaded answer={answer}>
        {() => (
          <Rows label={t('users.title')}>
            {people?.map((user) => (
              <Row
                key={user.id}
                letter={user.name}
                picture={pictureOf(user.id)}
                title={user.name}
                dim={!user.is_active}
                text={user.username ?? t('users.noLogin')}
                onOpen={() => setEditing(user.id)}
                chips={
                  <>
                    <Chip tone={user.is_owner ? 'accent' : 'plain'}>{user.is_owner ? t('users.owner') : t(`users.roles.${roleOf(user)}`)}</Chip>
                    {user.id === me.id && <Chip tone="ok">{t('users.you')}</Chip>}
                    {!user.is_active && <Chip tone="warn">{t('users.inactive')}</Chip>}
                    {user.local_only && <Chip>{t('users.localOnly')}</Chip>}
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Loaded>
      {adding && <AddUser onClose={() => setAdding(false)} onDone={answer.reload} />}
      {editing !== null && answer.data && <EditUser key={editing} user={edited} onClose={() => setEditing(null)} onDone={answer.reload} />}
    </Card>
  );
}
