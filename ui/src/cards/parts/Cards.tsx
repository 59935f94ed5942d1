/** Several cards as one. */

import { CardHost } from '@/lovelace/host';
import { type CardConfig, text } from '@/lovelace/types';
import styles from './Cards.module.css';

/** `columns`: null puts all of them into one row. */
export function Cards({ config, columns }: { config: CardConfig; columns: number | null }) {
  const cards = Array.isArray(config.cards) ? (config.cards as CardConfig[]) : [];
  return (
    <div>
      {text(config.title) && <h3 className={styles.title}>{text(config.title)}</h3>}
      <div className={styles.cards} style={{ gridTemplateColumns: `repeat(${columns ?? (cards.length || 1)}, minmax(0, 1fr))` }}>
        {cards.map((card, index) => (
          <CardHost key={index} config={card} />
        ))}
      </div>
    </div>
  );
}
