/** What can be done with a piece as a whole. */

import { mdiArrowDown, mdiArrowUp, mdiCodeBraces, mdiContentCopy, mdiContentCut, mdiContentDuplicate, mdiContentPaste, mdiDelete, mdiFlaskOutline, mdiFormTextbox, mdiPlay, mdiToggleSwitchOffOutline, mdiToggleSwitchOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Menu, type MenuEntry } from '@/components';
import { useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import { fitsInto, isConditionAction } from '../kinds';
import { idOf } from '../model/sharing';
import type { Path, Piece, Role } from '../model/types';
import { useEditor } from './context';
import { runAction, testCondition, type Tried } from './trying';

interface Props {
  list: Path;
  index: number;
  count: number;
  role: Role;
  piece: Piece;
  name: string;
  asYaml: boolean;
  onYaml: (asYaml: boolean) => void;
  onTried: (tried: Tried | null) => void;
}

export function PieceMenu({ list, index, count, role, piece, name, asYaml, onYaml, onTried }: Props) {
  const { t } = useTranslation('automations');
  const session = useSession();
  const api = useEditor();
  const clip = useStore(api.clipboard);
  const path = [...list, index];
  const isCondition = role === 'condition' || isConditionAction(piece);
  const off = piece.enabled === false;

  const attempt = (how: typeof runAction) => {
    onTried(null);
    void how(session, piece).then(onTried);
  };
  const remove = () => {
    api.remove({ list, index });
    toast.info(t('removed', { name }), { label: t('undo'), run: () => api.insert(list, index, piece) });
  };
  const copy = () => api.copy(isConditionAction(piece) ? 'condition' : role, piece);

  const entries: (MenuEntry | false)[] = [
    isCondition && { id: 'test', label: t('menu.test'), icon: mdiFlaskOutline, section: 'try', run: () => attempt(testCondition) },
    role === 'action' && !isCondition && { id: 'run', label: t('menu.run'), icon: mdiPlay, section: 'try', run: () => attempt(runAction) },
    {
      id: 'yaml', label: t(asYaml ? 'menu.form' : 'menu.yaml'), icon: asYaml ? mdiFormTextbox : mdiCodeBraces, section: 'try',
      run: () => {
        onYaml(!asYaml);
        api.toggle(idOf(piece), true);
      },
    },
    { id: 'copy', label: t('menu.copy'), icon: mdiContentCopy, section: 'clip', run: copy },
    {
      id: 'cut', label: t('menu.cut'), icon: mdiContentCut, section: 'clip',
      run: () => {
        copy();
        api.remove({ list, index });
      },
    },
    clip !== null && fitsInto(clip.piece, clip.role, role) && { id: 'paste', label: t('menu.paste'), icon: mdiContentPaste, section: 'clip', run: () => api.insert(list, index + 1, clip.piece) },
    { id: 'duplicate', label: t('menu.duplicate'), icon: mdiContentDuplicate, section: 'clip', run: () => api.insert(list, index + 1, piece) },
    { id: 'up', label: t('menu.up'), icon: mdiArrowUp, section: 'move', disabled: index === 0, run: () => api.move({ list, index }, { list, index: index - 1 }) },
    { id: 'down', label: t('menu.down'), icon: mdiArrowDown, section: 'move', disabled: index === count - 1, run: () => api.move({ list, index }, { list, index: index + 2 }) },
    {
      id: 'enabled', label: t(off ? 'menu.enable' : 'menu.disable'), icon: off ? mdiToggleSwitchOutline : mdiToggleSwitchOffOutline, section: 'end',
      run: () => {
        const { enabled: _enabled, ...rest } = piece;
        api.set(path, off ? rest : { ...rest, enabled: false });
      },
    },
    { id: 'delete', label: t('menu.delete'), icon: mdiDelete, section: 'end', danger: true, run: remove },
  ];
  const groups = ['try', 'clip', 'move', 'end'];
  const shown = entries.filter((entry) => entry !== false).map((entry) => {
    const { section, ...rest } = entry;
    // Sections without words: only a line between them. Menu tells them apart by their text.
    return section === groups[0] ? rest : { ...rest, section: ' '.repeat(groups.indexOf(section ?? '')) };
  });
  return <Menu label={t('menu.of', { name })} entries={shown} />;
}
