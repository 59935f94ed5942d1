/** A list of triggers, conditions or actions: cards in their order, places to drop between them, a button to add one. */

import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { idOf } from '../model/sharing';
import { keyOf } from '../model/tree';
import type { Path, Piece, Role } from '../model/types';
import { AddPiece } from './AddPiece';
import { Gap } from './Gap';
import { PieceCard } from './PieceCard';
import styles from './PieceList.module.css';

interface Props {
  path: Path;
  /** Triggers, conditions or actions. */
  holds: Role;
  pieces: readonly Piece[];
  /** What the list is, for those who cannot see where it stands ("Then"). */
  label: string;
  /** Shown while it is empty. */
  empty?: string;
}

function PieceListInside({ path, holds: role, pieces, label, empty }: Props) {
  const { t } = useTranslation('automations');
  return (
    <div className={styles.list}>
      {pieces.length === 0 && empty && <p className={styles.empty}>{empty}</p>}
      {pieces.length > 0 && (
        <ol className={styles.items} aria-label={label}>
          {pieces.map((piece, index) => (
            <li key={idOf(piece)}>
              <Gap list={path} index={index} role={role} label={label} />
              <PieceCard list={path} index={index} count={pieces.length} role={role} piece={piece} listLabel={label} />
            </li>
          ))}
        </ol>
      )}
      <Gap list={path} index={pieces.length} role={role} label={label} />
      <AddPiece list={path} index={pieces.length} role={role} label={t(`add.${role}`)} where={label} />
    </div>
  );
}

export const PieceList = memo(
  PieceListInside,
  (a, b) => a.holds === b.holds && a.label === b.label && a.empty === b.empty && keyOf(a.path) === keyOf(b.path) && a.pieces === b.pieces,
);
