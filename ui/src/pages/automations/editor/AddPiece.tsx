/** The button below a list and the dialog in which one finds what to add: kinds, and for actions every service. */

import { useMemo, useState } from 'react';
import { mdiContentPaste, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, EmptyState, Icon, SearchField } from '@/components';
import { useServices } from '@/data/hooks';
import { useStore } from '@/data/store';
import { fitsInto, kindsOf } from '../kinds';
import { GROUPS, type NamedKind } from '../kinds/kind';
import { useSay } from '../kinds/say';
import type { Path, Piece, Role } from '../model/types';
import { useEditor } from './context';
import styles from './AddPiece.module.css';

interface Props {
  list: Path;
  index: number;
  role: Role;
  label: string;
  /** What is added to, for those who cannot see it. */
  where: string;
}

export function AddPiece({ list, index, role, label, where }: Props) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const [open, setOpen] = useState(false);
  const choose = (piece: Piece) => {
    setOpen(false);
    api.insert(list, index, piece);
  };
  return (
    <>
      <Button small kind="ghost" icon={mdiPlus} className={styles.add} onPress={() => setOpen(true)} aria-label={t('add.to', { what: label, where })}>
        {label}
      </Button>
      {open && (
        <Dialog open onClose={() => setOpen(false)} title={label}>
          <Choices role={role} onChoose={choose} />
        </Dialog>
      )}
    </>
  );
}

interface Choice {
  key: string;
  icon: string;
  title: string;
  text: string;
  make: () => Piece;
}

const SERVICES_SHOWN = 40;

function fits(choice: Choice, words: readonly string[]): boolean {
  const text = `${choice.title} ${choice.text} ${choice.key}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function Choices({ role, onChoose }: { role: Role; onChoose: (piece: Piece) => void }) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const say = useSay();
  const clip = useStore(api.clipboard);
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);

  const asChoice = (kind: NamedKind): Choice => ({
    key: kind.name,
    icon: kind.icon,
    title: t(`${kind.role}s.${kind.name}.title`),
    text: t(`${kind.role}s.${kind.name}.text`),
    make: kind.make,
  });
  const paste = clip && fitsInto(clip.piece, clip.role, role) && words.length === 0 ? clip : null;
  const groups = GROUPS.map((group) => ({
    group,
    choices: kindsOf(role).filter((kind) => kind.group === group && !(api.domain === 'script' && role === 'condition' && kind.name === 'trigger')).map(asChoice).filter((choice) => fits(choice, words)),
  })).filter(({ choices }) => choices.length > 0);

  return (
    <div className={styles.choices}>
      <SearchField label={t(`add.search.${role}`)} value={search} onChange={setSearch} autoFocus />
      {paste && <Group title={t('add.paste')} choices={[{ key: 'paste', icon: mdiContentPaste, title: say.piece(paste.role, paste.piece), text: t('add.pasteText'), make: () => paste.piece }]} onChoose={onChoose} />}
      {groups.map(({ group, choices }) => (
        <Group key={group} title={t(`groups.${group}`)} choices={choices} onChoose={onChoose} />
      ))}
      {role === 'action' && words.length > 0 && <ServiceChoices words={words} onChoose={onChoose} none={groups.length === 0} />}
      {role !== 'action' && groups.length === 0 && <EmptyState title={t('add.none')} text={t('add.noneText')} />}
    </div>
  );
}

function ServiceChoices({ words, onChoose, none }: { words: readonly string[]; onChoose: (piece: Piece) => void; none: boolean }) {
  const { t } = useTranslation('automations');
  const services = useServices();
  const say = useSay();
  const all = useMemo(
    () =>
      Object.entries(services).flatMap(([domain, inside]) =>
        Object.entries(inside).map(([service, about]): Choice => {
          const action = `${domain}.${service}`;
          return { key: action, icon: mdiPlus, title: say.service(action), text: about.description ?? action, make: () => ({ action }) };
        }),
      ),
    [services, say],
  );
  const found = all.filter((choice) => fits(choice, words)).slice(0, SERVICES_SHOWN);
  if (found.length === 0) return none ? <EmptyState title={t('add.none')} text={t('add.noneText')} /> : null;
  return <Group title={t('add.services')} choices={found} onChoose={onChoose} />;
}

function Group({ title, choices, onChoose }: { title: string; choices: readonly Choice[]; onChoose: (piece: Piece) => void }) {
  return (
    <section>
      <h3 className={styles.group}>{title}</h3>
      <ul>
        {choices.map((choice) => (
          <li key={choice.key}>
            <button type="button" className={styles.choice} onClick={() => onChoose(choice.make())}>
              <span className={styles.icon}>
                <Icon path={choice.icon} size={20} />
              </span>
              <span className={styles.words}>
                <span className={styles.title}>{choice.title}</span>
                <span className={styles.text}>{choice.text}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
