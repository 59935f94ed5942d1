import { Link } from 'wouter';
import { useUser } from '@/data';
import styles from './ProblemList.module.css';
import type { Problem } from './system';

/** What is wrong in the files, each with its place; owners get there with one press. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  const user = useUser();
  return (
    <ul className={styles.list}>
      {problems.map((problem, index) => {
        const place = problem.file ? `${problem.file}${problem.line ? `:${problem.line}` : ''}` : problem.path;
        return (
          <li key={index} data-severity={problem.severity}>
            {problem.file && user.is_owner ? (
              <Link href={`/settings/files/${problem.file}${problem.line ? `?line=${problem.line}` : ''}`}>
                {place}
              </Link>
            ) : (
              <strong>{place}</strong>
            )}
            <span>
              {problem.message}
              {problem.hint && ` ${problem.hint}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
