"""What the program keeps: the database, its schema, and a repository per aggregate. The only user of SQLAlchemy; rows never leave."""
