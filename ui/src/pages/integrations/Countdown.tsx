import { useEffect, useState } from 'react';
import styles from './Integrations.module.css';

/** Seconds that are left, as 1:05; 0 when it is over. */
export function useLeft(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}

export const asClock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

export function Countdown({ until, total, label }: { until: number; total?: number; label: string }) {
  const left = useLeft(until);
  return (
    <span className={styles.countdown} role="timer" aria-label={label}>
      {total !== undefined && (
        <svg viewBox="0 0 36 36" width="44" height="44" aria-hidden="true">
          <circle cx="18" cy="18" r="15" className={styles.ring} />
          <circle cx="18" cy="18" r="15" className={styles.ringLeft} pathLength={100} strokeDasharray={`${Math.min(100, (left / Math.max(1, total)) * 100)} 100`} transform="rotate(-90 18 18)" />
        </svg>
      )}
      {asClock(left)}
    </span>
  );
}
