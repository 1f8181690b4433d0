-- One row is one claim on which the speaker's camp can have a stake, with the interest that follows: from the bloc of
-- the speaker (of whom they speak for, where that is told; of the agency
-- whose copy an outlet carries), the actor that the claim is about, and what the claim means
-- for that actor. The table that decides is the code list `interest_case`; who fights whom is told by `bloc` and
-- `camp_conflict`. A claim without a row is neutral.
-- claim_id: Key of the claim.
-- subject_table: The table of the record that it is about.
-- subject_id: The key of that record.
-- field: What is claimed.
-- voice: Who says so, in words.
-- speaker_bloc: The bloc whose word it is.
-- about_id: The actor for whom it means something: whose loss, gain or effort it tells; of several the one that
--   decides.
-- about_name: The actor's name.
-- about_bloc: The actor's bloc.
-- standing: How the speaker stands to that actor: `own` camp, `opponent`, or empty where neither.
-- effect: What the claim means for that actor: gain, loss or effort.
-- interest_case: The row of the table that decides; empty where the speaker stands aside.
-- interest: Whom it serves that the speaker says so: against_interest, neutral or self_serving.
-- statement: The assertion in our own words.
WITH spoken AS (
    -- The claim, the bloc that speaks, and whether the words turn the meaning round.
    SELECT
        c.claim_id,
        c.subject_table,
        c.subject_id,
        c.field,
        c.statement,
        (
            SELECT a.bloc FROM actors AS a
            WHERE a.actor_id = coalesce(u.on_behalf_of_id, u.actor_id, s.agency_id, s.publisher_id)
        ) AS bloc,
        coalesce(c.polarity = 'denied', FALSE)
            <> coalesce(c.comparator = 'none_reported' OR c.value = 0, FALSE) AS turned
    FROM claims AS c
    JOIN sources AS s ON s.source_id = c.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
),
about AS (
    -- The value of a figure: the measure says what it means for the affected actor, or for who made the effort.
    SELECT c.claim_id, f.affected_actor_id AS actor_id, m.attribute_value AS effect
    FROM spoken AS c
    JOIN figures AS f ON f.figure_id = c.subject_id
    JOIN code_attributes AS m ON m.code_list = 'measure' AND m.code = f.measure AND m.attribute = 'direction'
    WHERE c.subject_table = 'figures' AND c.field = 'value' AND m.attribute_value IN ('gain', 'loss')
    UNION ALL
    SELECT c.claim_id, p.actor_id, m.attribute_value
    FROM spoken AS c
    JOIN figures AS f ON f.figure_id = c.subject_id
    JOIN code_attributes AS m ON m.code_list = 'measure' AND m.code = f.measure AND m.attribute = 'direction'
    JOIN participants AS p ON p.subject_table = f.subject_table AND p.subject_id = f.subject_id
    JOIN code_attributes AS r ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part'
    WHERE c.subject_table = 'figures' AND c.field = 'value' AND m.attribute_value = 'effort'
        AND r.attribute_value = 'acts'
    UNION ALL
    -- An engagement: its outcome favours who acted or who was faced; the other side has lost what it gained.
    SELECT
        c.claim_id,
        p.actor_id,
        CASE WHEN (o.attribute_value = 'initiator') = (r.attribute_value = 'acts') THEN 'gain' ELSE 'loss' END
    FROM spoken AS c
    JOIN engagements AS e ON e.engagement_id = c.subject_id
    LEFT JOIN claims AS k ON k.claim_id = c.claim_id AND c.field = 'outcome'
    JOIN code_attributes AS o
        ON o.code_list = 'outcome' AND o.code = coalesce(k.value_text, e.outcome) AND o.attribute = 'favours'
    JOIN participants AS p ON p.subject_table = 'engagements' AND p.subject_id = e.engagement_id
    JOIN code_attributes AS r ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part'
    WHERE c.subject_table = 'engagements' AND c.field IN ('exists', 'outcome')
        AND o.attribute_value <> 'neither' AND r.attribute_value IN ('acts', 'faces')
    UNION ALL
    -- A strike is an effort of those who struck.
    SELECT c.claim_id, p.actor_id, 'effort'
    FROM spoken AS c
    JOIN participants AS p ON p.subject_table = 'strikes' AND p.subject_id = c.subject_id
    JOIN code_attributes AS r ON r.code_list = 'role' AND r.code = p.role AND r.attribute = 'part'
    WHERE c.subject_table = 'strikes' AND c.field = 'exists' AND r.attribute_value = 'acts'
    UNION ALL
    -- To hold a place is a gain; that it ended is a loss, where the words tell of the end.
    SELECT
        c.claim_id,
        CASE WHEN c.field = 'holder_id' THEN coalesce(k.value_text, h.holder_id) ELSE h.holder_id END,
        CASE WHEN c.field = 'held_to' AND coalesce(k.value_text, h.held_to) <> '..'
                OR c.field = 'exists' AND h.held_to <> '..' AND list_contains(string_split(k.covers, ' '), 'held_to')
            THEN 'loss' ELSE 'gain'
        END
    FROM spoken AS c
    JOIN control AS h ON h.control_id = c.subject_id
    JOIN claims AS k ON k.claim_id = c.claim_id
    WHERE c.subject_table = 'control' AND c.field IN ('exists', 'holder_id', 'control_state', 'held_to')
),
judged AS (
    SELECT
        c.*,
        a.actor_id AS about_id,
        (SELECT t.name FROM actors AS t WHERE t.actor_id = a.actor_id) AS about_name,
        (SELECT t.bloc FROM actors AS t WHERE t.actor_id = a.actor_id) AS about_bloc,
        CASE
            WHEN NOT c.turned THEN a.effect
            WHEN a.effect = 'loss' THEN 'gain'
            WHEN a.effect = 'gain' THEN 'loss'
            ELSE a.effect
        END AS effect
    FROM spoken AS c
    JOIN about AS a ON a.claim_id = c.claim_id
    WHERE a.actor_id IS NOT NULL
),
camps AS (
    SELECT
        code AS bloc,
        max(attribute_value) FILTER (WHERE attribute = 'camp') AS camp,
        max(attribute_value) FILTER (WHERE attribute = 'towards_islamic_state') AS towards
    FROM code_attributes
    WHERE code_list = 'bloc'
    GROUP BY code
),
fights AS (
    SELECT
        max(attribute_value) FILTER (WHERE attribute = 'one') AS one,
        max(attribute_value) FILTER (WHERE attribute = 'other') AS other
    FROM code_attributes
    WHERE code_list = 'camp_conflict'
    GROUP BY code
),
placed AS (
    SELECT
        j.*,
        CASE
            WHEN mine.camp = 'none' OR theirs.camp = 'none' THEN NULL
            WHEN mine.camp = theirs.camp THEN 'own'
            WHEN mine.towards = 'part_of_it' AND theirs.towards = 'fights_it'
                OR mine.towards = 'fights_it' AND theirs.towards = 'part_of_it' THEN 'opponent'
            WHEN EXISTS (
                SELECT 1 FROM fights AS f
                WHERE f.one = mine.camp AND f.other = theirs.camp OR f.one = theirs.camp AND f.other = mine.camp
            ) THEN 'opponent'
        END AS standing
    FROM judged AS j
    LEFT JOIN camps AS mine ON mine.bloc = j.bloc
    LEFT JOIN camps AS theirs ON theirs.bloc = j.about_bloc
),
cases AS (
    SELECT
        code,
        max(attribute_value) FILTER (WHERE attribute = 'standing') AS standing,
        max(attribute_value) FILTER (WHERE attribute = 'effect') AS effect,
        max(attribute_value) FILTER (WHERE attribute = 'interest') AS interest
    FROM code_attributes
    WHERE code_list = 'interest_case'
    GROUP BY code
),
decided AS (
    -- Of several actors the speaker's own decides, then an opponent; a loss before a gain, as in the table.
    SELECT
        p.*,
        k.code AS interest_case,
        coalesce(k.interest, 'neutral') AS interest,
        row_number() OVER (
            PARTITION BY p.claim_id
            ORDER BY
                CASE k.standing WHEN 'own' THEN 1 WHEN 'opponent' THEN 2 ELSE 3 END,
                CASE k.effect WHEN 'loss' THEN 1 WHEN 'gain' THEN 2 ELSE 3 END,
                p.about_id
        ) AS place
    FROM placed AS p
    LEFT JOIN cases AS k ON k.standing = p.standing AND k.effect = p.effect
)
SELECT
    d.claim_id,
    d.subject_table,
    d.subject_id,
    d.field,
    (SELECT b.voice FROM claims_bounded AS b WHERE b.claim_id = d.claim_id) AS voice,
    d.bloc AS speaker_bloc,
    d.about_id,
    d.about_name,
    d.about_bloc,
    d.standing,
    d.effect,
    d.interest_case,
    d.interest,
    d.statement
FROM decided AS d
WHERE d.place = 1
ORDER BY d.claim_id
