/** One trigger, condition or action: a line in plain words that unfolds into its form. */

import { memo, useState } from 'react';
import { useDraggable } from '@dnd-kit/core';
import { mdiAlertCircleOutline, mdiCheckCircleOutline, mdiChevronDown, mdiChevronUp, mdiCloseCircleOutline, mdiCodeBraces, mdiDrag, mdiHelpCircleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Chip, Icon } from '@/components';
import { useStore } from '@/data/store';
import { isConditionAction, kindOf } from '../kinds';
import { useSay } from '../kinds/say';
import { idOf } from '../model/sharing';
import { keyOf, startsWith } from '../model/tree';
import type { Path, Piece, Role } from '../model/types';
import { type Dragged, useEditor } from './context';
import { PieceBody } from './PieceBody';
import { PieceMenu } from './PieceMenu';
import type { Tried } from './trying';
import { useMissing } from './useMissing';
import styles from './PieceCard.module.css';

interface Props {
  list: Path;
  index: number;
  count: number;
  role: Role;
  piece: Piece;
  listLabel: string;
}

const RESULT_ICONS: Record<Tried['is'], string> = { true: mdiCheckCircleOutline, false: mdiCloseCircleOutline, done: mdiCheckCircleOutline, error: mdiAlertCircleOutline };
const RESULT_TONES = { true: 'ok', false: 'warn', done: 'ok', error: 'danger' } as const;

function PieceCardInside({ list, index, count, role, piece, listLabel }: Props) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const say = useSay();
  const id = idOf(piece);
  const path = [...list, index];
  const open = useStore(api.open, (all) => all.has(id));
  const problem = useStore(api.problems, (all) => all.find((each) => keyOf(each.path) === keyOf(path)));
  const problemInside = useStore(api.problems, (all) => all.some((each) => each.path.length > path.length && startsWith(each.path, path)));
  const [asYaml, setAsYaml] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({ id, data: { list, index, role, piece } satisfies Dragged });

  const kind = kindOf(role, piece);
  const title = kind ? t(`${kind.role}s.${kind.name}.title`) : t('unknownKind');
  const summary = say.piece(role, piece);
  const missing = useMissing(piece);
  const disabled = piece.enabled === false;
  const bodyId = `body-${id}`;

  return (
    <div ref={setNodeRef} className={`${styles.card} ${isDragging ? styles.dragging : ''} ${disabled ? styles.disabled : ''} ${problem ? styles.wrong : ''}`}>
      <div className={styles.head}>
        <button ref={setActivatorNodeRef} type="button" className={styles.handle} {...listeners} {...attributes} aria-label={t('drag.handle', { name: summary })}>
          <Icon path={mdiDrag} size={20} />
        </button>
        <button type="button" className={styles.summary} aria-expanded={open} aria-controls={bodyId} onClick={() => api.toggle(id)}>
          <span className={`${styles.icon} ${styles[isConditionAction(piece) ? 'condition' : role]}`}>
            <Icon path={kind?.icon ?? mdiHelpCircleOutline} size={20} />
          </span>
          <span className={styles.words}>
            <span className={styles.text}>{summary}</span>
            {summary !== title && <span className={styles.kind}>{title}</span>}
          </span>
          <span className={styles.chips}>
            {typeof piece.id === 'string' && piece.id !== '' && <Chip>{piece.id}</Chip>}
            {disabled && <Chip>{t('off')}</Chip>}
            {missing.length > 0 && (
              <Chip tone="warn" icon={mdiHelpCircleOutline}>
                {t('missing', { count: missing.length })}
              </Chip>
            )}
            {(problem || problemInside) && (
              <Chip tone="danger" icon={mdiAlertCircleOutline}>
                {t(problem ? 'wrong' : 'wrongInside')}
              </Chip>
            )}
            {asYaml && (
              <Chip icon={mdiCodeBraces}>YAML</Chip>
            )}
          </span>
          <Icon path={open ? mdiChevronUp : mdiChevronDown} size={20} className={styles.chevron} />
        </button>
        <PieceMenu list={list} index={index} count={count} role={role} piece={piece} name={summary} asYaml={asYaml} onYaml={setAsYaml} onTried={setTried} />
      </div>
      {tried && (
        <div className={styles.tried} role="status">
          <Chip tone={RESULT_TONES[tried.is]} icon={RESULT_ICONS[tried.is]}>
            {t(`tried.${tried.is}`)}
          </Chip>
          {tried.text && <span>{tried.text}</span>}
        </div>
      )}
      {open && missing.length > 0 && <p className={styles.missing}>{t('missingText', { ids: missing.join(', ') })}</p>}
      {problem && (
        <p className={styles.problem} role="alert">
          {problem.field.length > 0 && <strong>{problem.field.join(' › ')}: </strong>}
          {problem.text}
        </p>
      )}
      {open && (
        <div id={bodyId} className={styles.body} role="group" aria-label={t('bodyOf', { name: summary, list: listLabel })}>
          <PieceBody path={path} role={role} piece={piece} asYaml={asYaml} />
        </div>
      )}
    </div>
  );
}

export const PieceCard = memo(
  PieceCardInside,
  (a, b) => a.piece === b.piece && a.index === b.index && a.count === b.count && a.role === b.role && a.listLabel === b.listLabel && keyOf(a.list) === keyOf(b.list),
);
