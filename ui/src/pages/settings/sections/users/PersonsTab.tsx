import { useState } from 'react';
import { mdiAccountPlusOutline, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Chip, ConfirmDialog, Dialog, EmptyState, EntitiesPicker, Select, TextField } from '@/components';
import { PictureField } from '@/components/PictureField';
import { nameOf, useCommand, useConnected, useSession } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Fields, Row, Rows } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import type { HomeUser, Person } from './types';
import styles from './Users.module.css';

const NOBODY = '-';
const TRACKERS = { domains: ['device_tracker'] };

export function PersonsTab() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const answer = useCommand<{ storage: Person[]; config: Person[] }>('person/list', {}, ['entity_registry_updated']);
  const { data: users } = useCommand<HomeUser[]>('config/auth/list', {}, ['user_added', 'user_updated', 'user_removed']);
  const [editing, setEditing] = useState<Person | 'new' | null>(null);
  const userName = (id: string | null) => users?.find((user) => user.id === id)?.name;
  const told = (person: Person) => {
    const trackers = person.device_trackers.map((id) => nameOf(session.entities.get(id), id)).join(', ');
    return trackers || t('persons.noTrackers');
  };
  return (
    <Card
      title={t('persons.title')}
      actions={
        <Button small icon={mdiPlus} isDisabled={!connected} onPress={() => setEditing('new')}>
          {t('persons.add')}
        </Button>
      }
    >
      <p className={styles.text}>{t('persons.text')}</p>
      <Loaded answer={answer}>
        {({ storage, config }) =>
          storage.length + config.length === 0 ? (
            <EmptyState icon={mdiAccountPlusOutline} title={t('persons.none')} text={t('persons.noneText')} />
          ) : (
            <Rows label={t('persons.title')}>
              {storage.map((person) => (
                <Row
                  key={person.id}
                  letter={person.name}
                  picture={person.picture}
                  title={person.name}
                  text={told(person)}
                  onOpen={() => setEditing(person)}
                  chips={userName(person.user_id) && <Chip>{t('persons.isUser', { name: userName(person.user_id) })}</Chip>}
                />
              ))}
              {config.map((person) => (
                <Row key={person.id} letter={person.name} picture={person.picture} title={person.name} text={told(person)} chips={<Chip>{t('inFiles')}</Chip>} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {editing && <EditPerson person={editing === 'new' ? null : editing} users={users ?? []} onClose={() => setEditing(null)} onDone={answer.reload} />}
    </Card>
  );
}

function EditPerson({ person, users, onClose, onDone }: { person: Person | null; users: readonly HomeUser[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [name, setName] = useState(person?.name ?? '');
  const [user, setUser] = useState(person?.user_id ?? NOBODY);
  const [picture, setPicture] = useState(person?.picture ?? null);
  const [trackers, setTrackers] = useState<readonly string[]>(person?.device_trackers ?? []);
  const [removing, setRemoving] = useState(false);
  const finish = (worked: boolean) => {
    onDone();
    setRemoving(false);
    if (worked) onClose();
  };
  const save = async () => {
    const data = { name: name.trim(), user_id: user === NOBODY ? null : user, device_trackers: [...trackers], picture };
    finish(await act(() => (person ? session.command('person/update', { person_id: person.id, ...data }) : session.command('person/create', data)), t('saved')));
  };
  const remove = async () => finish(await act(() => session.command('person/delete', { person_id: person?.id }), t('persons.removed', { name })));
  return (
    <Dialog
      open
      onClose={onClose}
      title={person ? person.name : t('persons.add')}
      dismissable={false}
      footer={
        <>
          {person && (
            <Button kind="ghost" className={styles.remove} isDisabled={!connected} onPress={() => setRemoving(true)}>
              {t('persons.remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !name.trim()} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Fields>
        {error && <Banner kind="error">{error.message}</Banner>}
        <PictureField name={name} value={picture} onChange={setPicture} />
        <TextField label={t('users.name')} value={name} onChange={setName} autoFocus={!person} />
        <Select
          label={t('persons.user')}
          hint={t('persons.userHint')}
          options={[{ value: NOBODY, label: t('persons.nobody') }, ...users.filter((each) => !each.system_generated).map((each) => ({ value: each.id, label: each.name }))]}
          value={user}
          onChange={setUser}
        />
        <EntitiesPicker label={t('persons.trackers')} hint={t('persons.trackersHint')} filter={TRACKERS} value={trackers} onChange={setTrackers} />
      </Fields>
      <ConfirmDialog
        open={removing}
        title={t('persons.removeTitle', { name })}
        text={t('persons.removeText')}
        confirm={t('persons.remove')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      />
    </Dialog>
  );
}
