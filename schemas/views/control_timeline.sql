-- One row is one period in which an actor held a place, or part of it: as the coder reads the sources (layer
-- `resolved`, the rows of `control`), and below it once for each voice that speaks of it, as that voice alone tells it
-- (layer `claimed`). In the claimed layer a cell is filled only if the voice's own claims give it: a claim on the
-- column by its value, a claim on the period by naming the column in `covers`. What the voice does not say is empty.
-- What it denies is a row of its own, and so is never read as its account. Claims that are feared, planned or predicted
-- count for nothing here, nor do those that their own voice withdrew or replaced.
-- location_id: The place.
-- location_name: Its name.
-- layer: `resolved` or `claimed`.
-- position: Number of the period at this place, from 1, by when it can have begun, those without a known begin first;
--   what voices say of a period has the number of that period.
-- control_id: Key of the period.
-- said_by: The voices that affirm the period; in the claimed layer the one voice. Each ends in " [inferred]" where all
--   that it says was concluded by the coder.
-- voice_id: Who counts as that one voice, as in `claims_flat`; empty in the resolved layer.
-- polarity: `affirmed`, or `denied` where the voice says that it is not so: the filled cells are those that it denies,
--   and where none is filled, that there was such a period at all.
-- holder_id: Who held it; empty where only the state is known, and in the claimed layer where the voice does not say.
-- holder_name: The holder's name.
-- control_state: In what state the place was held.
-- control_state_label: The same in words.
-- situation: What the state comes to: controlled, contested, divided, besieged or unknown.
-- shared: Whether others can hold parts of the place in the same time.
-- held_from: Since when, EDTF; empty where nothing is said.
-- held_from_earliest: Earliest day on which it can have begun.
-- held_from_latest: Latest day on which it can have begun.
-- held_to: Until when, that day excluded, EDTF; `..` while it was still held when the source spoke.
-- held_to_earliest: Earliest day that `held_to` can mean.
-- held_to_latest: Latest day that `held_to` can mean.
-- known_until: The latest day on which a source that tells the period as realized or ongoing spoke or was published,
--   in the claimed layer this voice: `..` reaches so far.
-- start_engagement_id: The engagement by which the period began.
-- start_engagement_name: Its name.
-- end_engagement_id: The engagement by which it ended.
-- end_engagement_name: Its name.
-- previous_holders: The holders of the period or periods at this place that ended last before this one began, or can
--   have; resolved layer only, as are the next two.
-- gap_days_least: The least number of days between their end and this begin, by the uncertainty of both; negative where
--   they can overlap, empty where a date is open.
-- gap_days_most: The greatest number of days.
-- claimed_fields: On what the voice's claims are: `exists` (the period itself) or single columns, separated by spaces.
-- inferred_columns: Columns that rest on conclusions of the coder alone: nobody, in the claimed layer this voice, says
--   them so.
-- also_says: What the same voice says otherwise of one of these columns, each as column and value: of several that
--   differ, the cell holds the one said last.
-- claim_ids: The claims, separated by spaces; in the resolved layer those that affirm the period or a cell as it
--   stands.
WITH said AS (
    -- One row a claim of one voice that tells a period, or rejects it, as something real.
    SELECT
        b.claim_id,
        b.subject_id AS control_id,
        b.field,
        b.voice_id,
        b.voice,
        b.speech_act,
        b.inferred,
        c.polarity,
        c.event_status,
        c.covers,
        c.value_text,
        coalesce(
            (SELECT u.said_earliest FROM utterances AS u WHERE u.utterance_id = b.utterance_id),
            (SELECT s.published_earliest FROM sources AS s WHERE s.source_id = b.source_id)
        ) AS spoken
    FROM claims_bounded AS b
    JOIN claims AS c ON c.claim_id = b.claim_id
    JOIN code_attributes AS a
        ON a.code_list = 'event_status' AND a.code = c.event_status AND a.attribute = 'exists'
        AND a.attribute_value = 'yes'
    WHERE b.subject_table = 'control'
        AND NOT EXISTS (
            -- Withdrawn or replaced on the same field: by the same voice, or in a revision of the source.
            SELECT 1 FROM claim_links AS k
            JOIN claims_bounded AS w ON w.claim_id = k.claim_id
            JOIN sources AS s ON s.source_id = w.source_id
            WHERE k.related_claim_id = b.claim_id AND k.claim_relation IN ('withdraws', 'updates')
                AND w.subject_table = b.subject_table AND w.subject_id = b.subject_id AND w.field = b.field
                AND (w.voice_id = b.voice_id OR coalesce(s.revision_of_id = b.source_id, FALSE))
        )
),
periods AS (
    SELECT
        c.*,
        row_number() OVER (
            PARTITION BY c.location_id
            ORDER BY c.held_from_earliest NULLS FIRST, c.held_to_latest NULLS LAST, c.control_id
        ) AS position
    FROM control AS c
),
cell AS (
    -- One row a cell of a period that a voice can speak of, the empty ones too.
    SELECT
        control_id,
        unnest(['holder_id', 'control_state', 'held_from', 'held_to', 'start_engagement_id', 'end_engagement_id'])
            AS column_name,
        unnest([holder_id, control_state, held_from, held_to, start_engagement_id, end_engagement_id]) AS resolved,
        unnest([NULL, NULL, held_from_earliest, held_to_earliest, NULL, NULL]) AS earliest,
        unnest([NULL, NULL, held_from_latest, held_to_latest, NULL, NULL]) AS latest
    FROM control
),
told AS (
    -- One row a claim and a cell that it gives. A claim on a column that names no value is on the cell as it stands.
    SELECT
        s.*,
        x.column_name,
        x.resolved,
        coalesce(s.value_text, x.resolved) AS told,
        CASE WHEN s.value_text IS NULL THEN x.earliest ELSE d.date_earliest END AS earliest,
        CASE WHEN s.value_text IS NULL THEN x.latest ELSE d.date_latest END AS latest
    FROM said AS s
    JOIN cell AS x
        ON x.control_id = s.control_id
        AND (
            s.field = x.column_name
            OR (s.field = 'exists' AND list_contains(string_split(s.covers, ' '), x.column_name))
        )
    LEFT JOIN claim_dates AS d ON d.claim_id = s.claim_id AND d.field = x.column_name
),
chosen AS (
    -- Of what one voice says of one column the last word; at one time, a claim on the column before one on the period.
    SELECT
        t.*,
        row_number() OVER (
            PARTITION BY t.control_id, t.voice_id, t.polarity, t.column_name
            ORDER BY t.spoken DESC NULLS LAST, t.field = 'exists', t.claim_id DESC
        ) AS choice,
        first_value(t.told) OVER (
            PARTITION BY t.control_id, t.voice_id, t.polarity, t.column_name
            ORDER BY t.spoken DESC NULLS LAST, t.field = 'exists', t.claim_id DESC
        ) AS last_told,
        bool_and(t.inferred) OVER (
            PARTITION BY t.control_id, t.voice_id, t.polarity, t.column_name, t.told
        ) AS only_inferred
    FROM told AS t
),
voiced AS (
    -- One row a period, a voice, and what it affirms or denies.
    SELECT
        control_id,
        voice_id,
        polarity,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'holder_id') AS holder_id,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'control_state') AS control_state,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'held_from') AS held_from,
        max(earliest) FILTER (WHERE choice = 1 AND column_name = 'held_from') AS held_from_earliest,
        max(latest) FILTER (WHERE choice = 1 AND column_name = 'held_from') AS held_from_latest,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'held_to') AS held_to,
        max(earliest) FILTER (WHERE choice = 1 AND column_name = 'held_to') AS held_to_earliest,
        max(latest) FILTER (WHERE choice = 1 AND column_name = 'held_to') AS held_to_latest,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'start_engagement_id') AS start_engagement_id,
        max(told) FILTER (WHERE choice = 1 AND column_name = 'end_engagement_id') AS end_engagement_id,
        string_agg(column_name, ' ' ORDER BY column_name) FILTER (WHERE choice = 1 AND only_inferred)
            AS inferred_columns,
        string_agg(DISTINCT column_name || ' ' || told, ', ' ORDER BY column_name || ' ' || told)
            FILTER (WHERE told <> last_told) AS also_says
    FROM chosen
    GROUP BY control_id, voice_id, polarity
),
voices AS (
    -- One row the same, by the claims themselves: some give no cell, and a remark shows that the voice still spoke.
    SELECT
        control_id,
        voice_id,
        polarity,
        min(voice)
        || coalesce(' (' || replace(string_agg(DISTINCT speech_act, ', ' ORDER BY speech_act), '_', ' ') || ')', '')
        || CASE WHEN bool_and(inferred) THEN ' [inferred]' ELSE '' END AS said_by,
        string_agg(DISTINCT field, ' ' ORDER BY field) FILTER (WHERE field <> 'remark') AS claimed_fields,
        string_agg(claim_id, ' ' ORDER BY claim_id) FILTER (WHERE field <> 'remark') AS claim_ids,
        max(spoken) FILTER (WHERE event_status IN ('realized', 'ongoing')) AS known_until
    FROM said
    GROUP BY control_id, voice_id, polarity
),
backed AS (
    -- One row a cell as it stands, and whether all who say it so are the coder's conclusions.
    SELECT control_id, column_name, bool_and(inferred) AS only_inferred
    FROM told
    WHERE polarity = 'affirmed' AND told = resolved
    GROUP BY control_id, column_name
),
earlier AS (
    -- Periods that ended before another at the same place began, or can have; of these the ones that ended last. What
    -- one engagement ended and began on the same date, however uncertain, is one moment.
    SELECT
        c.control_id,
        p.holder_id,
        CASE
            WHEN p.held_to = c.held_from AND p.end_engagement_id = c.start_engagement_id THEN 0
            ELSE c.held_from_earliest - p.held_to_latest
        END AS least,
        CASE
            WHEN p.held_to = c.held_from AND p.end_engagement_id = c.start_engagement_id THEN 0
            ELSE c.held_from_latest - p.held_to_earliest
        END AS most,
        rank() OVER (
            PARTITION BY c.control_id ORDER BY p.held_to_latest DESC, p.held_to_earliest DESC NULLS LAST
        ) AS nth
    FROM periods AS c
    JOIN periods AS p ON p.location_id = c.location_id AND p.control_id <> c.control_id
    WHERE p.held_to_latest IS NOT NULL AND c.held_from_latest IS NOT NULL
        AND p.held_from IS DISTINCT FROM c.held_from
        AND coalesce(p.held_to_earliest <= c.held_from_latest, TRUE)
),
layers AS (
    SELECT
        'resolved' AS layer,
        p.position,
        p.control_id,
        p.location_id,
        (
            SELECT string_agg(v.voice, '; ' ORDER BY v.voice) FROM accounts AS v
            WHERE v.subject_table = 'control' AND v.subject_id = p.control_id
        ) AS said_by,
        CAST(NULL AS VARCHAR) AS voice_id,
        'affirmed' AS polarity,
        p.holder_id,
        p.control_state,
        p.held_from,
        p.held_from_earliest,
        p.held_from_latest,
        p.held_to,
        p.held_to_earliest,
        p.held_to_latest,
        (SELECT max(v.known_until) FROM voices AS v WHERE v.control_id = p.control_id AND v.polarity = 'affirmed')
            AS known_until,
        p.start_engagement_id,
        p.end_engagement_id,
        (
            SELECT string_agg(DISTINCT a.name, '; ' ORDER BY a.name)
            FROM earlier AS e JOIN actors AS a ON a.actor_id = e.holder_id
            WHERE e.control_id = p.control_id AND e.nth = 1
        ) AS previous_holders,
        (SELECT min(e.least) FROM earlier AS e WHERE e.control_id = p.control_id AND e.nth = 1) AS gap_days_least,
        (SELECT max(e.most) FROM earlier AS e WHERE e.control_id = p.control_id AND e.nth = 1) AS gap_days_most,
        CAST(NULL AS VARCHAR) AS claimed_fields,
        (
            SELECT string_agg(b.column_name, ' ' ORDER BY b.column_name) FROM backed AS b
            WHERE b.control_id = p.control_id AND b.only_inferred
        ) AS inferred_columns,
        CAST(NULL AS VARCHAR) AS also_says,
        (
            SELECT string_agg(DISTINCT s.claim_id, ' ' ORDER BY s.claim_id) FROM said AS s
            LEFT JOIN told AS t ON t.claim_id = s.claim_id
            WHERE s.control_id = p.control_id AND s.polarity = 'affirmed'
                AND (s.field = 'exists' OR t.told = t.resolved)
        ) AS claim_ids
    FROM periods AS p
    UNION ALL
    SELECT
        'claimed',
        p.position,
        p.control_id,
        p.location_id,
        w.said_by,
        w.voice_id,
        w.polarity,
        v.holder_id,
        v.control_state,
        v.held_from,
        v.held_from_earliest,
        v.held_from_latest,
        v.held_to,
        v.held_to_earliest,
        v.held_to_latest,
        w.known_until,
        v.start_engagement_id,
        v.end_engagement_id,
        NULL,
        NULL,
        NULL,
        w.claimed_fields,
        v.inferred_columns,
        v.also_says,
        w.claim_ids
    FROM voices AS w
    JOIN periods AS p ON p.control_id = w.control_id
    LEFT JOIN voiced AS v
        ON v.control_id = w.control_id AND v.voice_id = w.voice_id AND v.polarity = w.polarity
    WHERE w.claim_ids IS NOT NULL
)
SELECT
    y.location_id,
    (SELECT l.name FROM locations AS l WHERE l.location_id = y.location_id) AS location_name,
    y.layer,
    y.position,
    y.control_id,
    y.said_by,
    y.voice_id,
    y.polarity,
    y.holder_id,
    (SELECT a.name FROM actors AS a WHERE a.actor_id = y.holder_id) AS holder_name,
    y.control_state,
    (SELECT k.label FROM codes AS k WHERE k.code_list = 'control_state' AND k.code = y.control_state)
        AS control_state_label,
    (
        SELECT x.attribute_value FROM code_attributes AS x
        WHERE x.code_list = 'control_state' AND x.code = y.control_state AND x.attribute = 'situation'
    ) AS situation,
    (
        SELECT x.attribute_value = 'shared' FROM code_attributes AS x
        WHERE x.code_list = 'control_state' AND x.code = y.control_state AND x.attribute = 'exclusive'
    ) AS shared,
    y.held_from,
    y.held_from_earliest,
    y.held_from_latest,
    y.held_to,
    y.held_to_earliest,
    y.held_to_latest,
    y.known_until,
    y.start_engagement_id,
    (SELECT e.name FROM engagements AS e WHERE e.engagement_id = y.start_engagement_id) AS start_engagement_name,
    y.end_engagement_id,
    (SELECT e.name FROM engagements AS e WHERE e.engagement_id = y.end_engagement_id) AS end_engagement_name,
    y.previous_holders,
    y.gap_days_least,
    y.gap_days_most,
    y.claimed_fields,
    y.inferred_columns,
    y.also_says,
    y.claim_ids
FROM layers AS y
ORDER BY y.location_id, y.position, y.layer DESC, y.voice_id, y.polarity
