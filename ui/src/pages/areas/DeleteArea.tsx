import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/components';
import { type Area, useSession } from '@/data';
import { useAct } from '@/data/useAct';

export function DeleteArea({ area, open, onClose, onDone }: { area: Area; open: boolean; onClose: () => void; onDone?: () => void }) {
  const { t } = useTranslation('areas');
  const session = useSession();
  const [busy, act] = useAct();
  const remove = async () => {
    if (!(await act(() => session.command('config/area_registry/delete', { area_id: area.area_id }), t('deleted', { name: area.name })))) return;
    onClose();
    onDone?.();
  };
  return <ConfirmDialog open={open} danger busy={busy} title={t('deleteTitle', { name: area.name })} text={t('deleteText')} confirm={t('delete')} onConfirm={() => void remove()} onClose={onClose} />;
}
