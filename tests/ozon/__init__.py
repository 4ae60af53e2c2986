"""Tests of the client of the Ozon Seller API."""
