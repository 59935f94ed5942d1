import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, TextField } from '@/components';
import { useConnected, useSession } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import { whyNotNamed } from './tree';

export function NewFile({ taken, onClose, onMade }: { taken: ReadonlySet<string>; onClose: () => void; onMade: (path: string) => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const [typed, setTyped] = useState('');
  const path = typed.trim();
  const why = path ? whyNotNamed(path, taken) : null;
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (!path || why) return;
    if (await act(() => session.rest(`/api/config/files/${path}`, { method: 'PUT', body: { text: '', digest: null } }))) onMade(path);
  };
  return (
    <Dialog open onClose={onClose} title={t('files.new')} size="small" dismissable={false}>
      <form onSubmit={(event) => void make(event)} noValidate>
        <Fields>
          <TextField
            label={t('files.name')}
            hint={t('files.nameHint')}
            value={typed}
            onChange={setTyped}
            monospace
            error={why ? t(`files.whyNot.${why}`) : error?.message}
            placeholder="packages/garden.yaml"
            autoFocus
          />
          <Button kind="primary" type="submit" busy={busy} isDisabled={!connected || !path || why !== null}>
            {t('files.create')}
          </Button>
        </Fields>
      </form>
    </Dialog>
  );
}
