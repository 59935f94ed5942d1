/** Who one is here: picture, name, what one may do. */

import { useTranslation } from 'react-i18next';
import { Chip } from '@/components';
import { Avatar } from '@/components/Avatar';
import { PictureField } from '@/components/PictureField';
import { useMe, useSession, useUser } from '@/data';
import { useAct } from '../settings/parts/useAct';
import styles from './Profile.module.css';

export function MeCard() {
  const { t } = useTranslation('profile');
  const session = useSession();
  const user = useUser();
  const me = useMe();
  const { busy, act } = useAct();
  const role = user.is_owner ? 'owner' : user.is_admin ? 'admin' : me.may_control ? 'user' : 'reader';
  const person = me.person;
  const keep = (picture: string | null) =>
    act(async () => {
      await session.command('marge/me/picture', { picture });
      const now = session.me.get();
      if (now.person) session.me.set({ ...now, person: { ...now.person, picture } });
    }, t(picture ? 'picture.kept' : 'picture.removed'));
  const who = (
    <div className={styles.who}>
      <strong className={styles.name}>{user.name}</strong>
      <Chip tone="accent">{t(`role.${role}`)}</Chip>
    </div>
  );
  if (person?.editable && me.may_control) {
    return (
      <PictureField name={user.name} value={person.picture} disabled={busy} onChange={(picture) => void keep(picture)}>
        {who}
      </PictureField>
    );
  }
  return (
    <div className={styles.me}>
      <Avatar name={user.name} picture={person?.picture} size={72} />
      {who}
    </div>
  );
}
